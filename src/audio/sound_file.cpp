#include "audio/sound_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace bonafide {

namespace {

struct Name {
  int format;
  const char* name;
};

constexpr Name kContainers[] = {
    {SF_FORMAT_WAV, "wav"},   {SF_FORMAT_WAVEX, "wav"}, {SF_FORMAT_RF64, "wav"},
    {SF_FORMAT_W64, "w64"},   {SF_FORMAT_FLAC, "flac"}, {SF_FORMAT_OGG, "ogg"},
    {SF_FORMAT_MPEG, "mpeg"}, {SF_FORMAT_AIFF, "aiff"}, {SF_FORMAT_AU, "au"},
    {SF_FORMAT_CAF, "caf"},   {SF_FORMAT_NIST, "nist"}, {SF_FORMAT_RAW, "raw"},
};

constexpr Name kCodecs[] = {
    {SF_FORMAT_PCM_S8, "pcm_8"},
    {SF_FORMAT_PCM_U8, "pcm_u8"},
    {SF_FORMAT_PCM_16, "pcm_16"},
    {SF_FORMAT_PCM_24, "pcm_24"},
    {SF_FORMAT_PCM_32, "pcm_32"},
    {SF_FORMAT_FLOAT, "float"},
    {SF_FORMAT_DOUBLE, "double"},
    {SF_FORMAT_ULAW, "mulaw"},
    {SF_FORMAT_ALAW, "alaw"},
    {SF_FORMAT_GSM610, "gsm610"},
    {SF_FORMAT_VORBIS, "vorbis"},
    {SF_FORMAT_OPUS, "opus"},
    {SF_FORMAT_IMA_ADPCM, "ima"},
    {SF_FORMAT_MS_ADPCM, "ms_adpcm"},
    {SF_FORMAT_MPEG_LAYER_I, "layer_1"},
    {SF_FORMAT_MPEG_LAYER_II, "layer_2"},
    {SF_FORMAT_MPEG_LAYER_III, "mp3"},
};

template <size_t N>
std::string name_in(const Name (&table)[N], int format) {
  for (const Name& entry : table) {
    if (entry.format == format) return entry.name;
  }
  return fmt::format("{:#x}", format);
}

// libsndfile's words without what says nothing to our reader.
std::string plain(std::string_view message) {
  constexpr std::string_view kPrefix = "Error : ";
  if (message.find("SF_INFO struct incomplete") != std::string_view::npos) {
    return "impossible sample rate or channel count";
  }
  if (message.starts_with(kPrefix)) message.remove_prefix(kPrefix.size());
  if (message.ends_with('.')) message.remove_suffix(1);
  return std::string(message);
}

constexpr int kTelephoneRate = 8000;  // Hz

MemoryStream& stream_of(void* user) { return *static_cast<MemoryStream*>(user); }

sf_count_t length(void* user) { return stream_of(user).size(); }
sf_count_t tell(void* user) { return stream_of(user).position(); }

sf_count_t seek_bytes(sf_count_t offset, int whence, void* user) {
  return stream_of(user).seek(offset, whence);
}

sf_count_t read_bytes(void* to, sf_count_t count, void* user) {
  return stream_of(user).read(to, count);
}

}  // namespace

OpenSound open_sound(const std::function<SNDFILE*()>& open) {
  static std::mutex opening;
  const std::lock_guard lock(opening);
  OpenSound file(open(), sf_close);
  if (!file) throw Error(plain(sf_strerror(nullptr)));
  return file;
}

SoundFile::SoundFile(MemoryStream stream, int raw_format)
    : stream_(std::move(stream)), file_(nullptr, sf_close) {
  if (raw_format != 0) {
    info_.format = raw_format;
    info_.channels = 1;
    info_.samplerate = kTelephoneRate;
  }
  SF_VIRTUAL_IO io{length, seek_bytes, read_bytes, nullptr, tell};
  file_ = open_sound([&] { return sf_open_virtual(&io, SFM_READ, &info_, &stream_); });
}

std::string SoundFile::format() const {
  return name_in(kContainers, info_.format & SF_FORMAT_TYPEMASK) + ' ' +
         name_in(kCodecs, info_.format & SF_FORMAT_SUBMASK);
}

size_t SoundFile::frames() const {
  const bool unknown = (info_.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_OGG || info_.frames < 0 ||
                       info_.frames == SF_COUNT_MAX;
  return unknown ? 0 : static_cast<size_t>(info_.frames);
}

size_t SoundFile::read(float* samples, size_t count) {
  const sf_count_t got = sf_readf_float(file_.get(), samples, static_cast<sf_count_t>(count));
  // Kept here because the next read forgets it.
  if (trouble_.empty() && sf_error(file_.get()) != SF_ERR_NO_ERROR) {
    trouble_ = plain(sf_strerror(file_.get()));
  }
  return static_cast<size_t>(std::max<sf_count_t>(got, 0));
}

bool SoundFile::seek(size_t frame) {
  switch (info_.format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_FLOAT:
    case SF_FORMAT_DOUBLE:
    case SF_FORMAT_ULAW:
    case SF_FORMAT_ALAW:
      break;
    default:
      return false;
  }
  const auto target = static_cast<sf_count_t>(frame);
  return sf_seek(file_.get(), target, SEEK_SET) == target;
}

}  // namespace bonafide
