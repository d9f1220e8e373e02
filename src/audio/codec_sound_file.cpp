#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "audio/codec_parts.h"
#include "audio/decode.h"
#include "audio/sound_file.h"
#include "base/error.h"

namespace bonafide {

namespace {

// A file in memory that libsndfile writes and seeks in.
struct MemoryFile {
  std::vector<std::byte> bytes;
  size_t position = 0;
};

MemoryFile& file_of(void* user) { return *static_cast<MemoryFile*>(user); }

sf_count_t length_of(void* user) { return static_cast<sf_count_t>(file_of(user).bytes.size()); }

sf_count_t seek_in(sf_count_t offset, int whence, void* user) {
  MemoryFile& file = file_of(user);
  const sf_count_t base = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? static_cast<sf_count_t>(file.position)
                                               : static_cast<sf_count_t>(file.bytes.size());
  if (base + offset < 0) return -1;
  file.position = static_cast<size_t>(base + offset);
  return base + offset;
}

sf_count_t read_from(void* to, sf_count_t count, void* user) {
  MemoryFile& file = file_of(user);
  if (file.position >= file.bytes.size()) return 0;
  const size_t size = std::min(static_cast<size_t>(count), file.bytes.size() - file.position);
  std::memcpy(to, file.bytes.data() + file.position, size);
  file.position += size;
  return static_cast<sf_count_t>(size);
}

sf_count_t write_to(const void* from, sf_count_t count, void* user) {
  MemoryFile& file = file_of(user);
  const auto size = static_cast<size_t>(count);
  if (file.bytes.size() < file.position + size) file.bytes.resize(file.position + size);
  std::memcpy(file.bytes.data() + file.position, from, size);
  file.position += size;
  return count;
}

sf_count_t tell_in(void* user) { return static_cast<sf_count_t>(file_of(user).position); }

// Encoded by libsndfile in memory. `configure` sets the codec's quality.
template <typename Configure>
std::vector<std::byte> encode(const Waveform& waveform, int format, const Configure& configure) {
  MemoryFile memory;
  SF_VIRTUAL_IO io{length_of, seek_in, read_from, write_to, tell_in};
  SF_INFO info{};
  info.samplerate = waveform.sample_rate;
  info.channels = 1;
  info.format = format;
  OpenSound file = open_sound([&] { return sf_open_virtual(&io, SFM_WRITE, &info, &memory); });
  configure(file.get());
  std::vector<float> samples(waveform.samples);
  for (float& sample : samples) sample = from_pcm16(to_pcm16(sample));
  // Vorbis in libsndfile keeps each call's frames on the stack.
  constexpr size_t kBlock = 4096;
  for (size_t at = 0; at < samples.size(); at += kBlock) {
    const auto count = static_cast<sf_count_t>(std::min(kBlock, samples.size() - at));
    if (sf_writef_float(file.get(), &samples[at], count) != count) {
      throw Error(fmt::format("cannot encode: {}", sf_strerror(file.get())));
    }
  }
  if (sf_close(file.release()) != 0) throw Error("cannot encode: the encoder failed at the end");
  return memory.bytes;
}

Waveform decoded(const std::vector<std::byte>& bytes, const char* name, const Waveform& like) {
  Waveform waveform = decode_bytes(bytes, name, {.sample_rate = like.sample_rate}).waveform;
  waveform.samples.resize(like.samples.size());
  return waveform;
}

constexpr int kMp3Delay = 1105;  // samples: 576 of the encoder, 529 of the decoder

// Whether there is a frame of LAME's in front, by which the decoder takes the delay out itself. At
// low bit rates it does not fit into a frame.
bool says_its_delay(const std::vector<std::byte>& bytes) {
  constexpr size_t kFirstFrame = 200;  // bytes
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()),
                               std::min(bytes.size(), kFirstFrame));
  return start.find("LAME") != std::string_view::npos &&
         (start.find("Info") != std::string_view::npos ||
          start.find("Xing") != std::string_view::npos);
}

Waveform pass_mp3(const Waveform& waveform, int bit_rate, const LostPackets&) {
  const auto configure = [&](SNDFILE* file) {
    int mode = SF_BITRATE_MODE_CONSTANT;
    sf_command(file, SFC_SET_BITRATE_MODE, &mode, sizeof mode);
    // libsndfile's scale from the lowest to the highest rate of MPEG audio at 16 to 24 kHz.
    double level = std::clamp(1 - (bit_rate / 1000.0 - 8) / (160 - 8), 0.0, 1.0);
    sf_command(file, SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
  };
  const auto bytes = encode(waveform, SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, configure);
  if (says_its_delay(bytes)) return decoded(bytes, "memory.mp3", waveform);
  return without_delay(waveform, kMp3Delay, [&](const Waveform& longer) {
    return decoded(bytes, "memory.mp3", longer);
  });
}

Waveform pass_vorbis(const Waveform& waveform, int bit_rate, const LostPackets&) {
  const auto configure = [&](SNDFILE* file) {
    // Quality 0 to 1 of a mono stream at 16 kHz gives about 24 to 90 kbit/s.
    double quality = std::clamp((bit_rate / 1000.0 - 24) / (90 - 24), 0.0, 1.0);
    sf_command(file, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality);
  };
  const auto bytes = encode(waveform, SF_FORMAT_OGG | SF_FORMAT_VORBIS, configure);
  return decoded(bytes, "memory.ogg", waveform);
}

// libsndfile can be built without its compressed formats.
std::string lacks(int format) {
  SF_INFO info{};
  info.samplerate = 16000;
  info.channels = 1;
  info.format = format;
  return sf_format_check(&info) != 0 ? "" : "this libsndfile does not write the format";
}

}  // namespace

Codec mp3_codec() {
  return {"mp3",
          "MPEG layer III, 8 to 160 kbit/s",
          16000,
          {64000, 160000, 128000, 96000, 48000, 32000, 24000, 16000, 8000},
          lacks(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III),
          kMp3Delay,
          pass_mp3};
}

Codec vorbis_codec() {
  return {"vorbis",
          "Ogg Vorbis, about 24 to 90 kbit/s",
          16000,
          {48000, 90000, 64000, 32000, 24000},
          lacks(SF_FORMAT_OGG | SF_FORMAT_VORBIS),
          0,  // the format says where the sound begins
          pass_vorbis};
}

}  // namespace bonafide
