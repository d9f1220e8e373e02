#include "audio/sound_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string_view>

#include "base/error.h"

namespace bonafide {

namespace {

struct Name {
  int format;
  const char* name;
};

constexpr Name kContainers[] = {
    {SF_FORMAT_WAV, "wav"},   {SF_FORMAT_WAVEX, "wav"}, {SF_FORMAT_RF64, "rf64"},
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

}  // namespace

sf_count_t SoundFile::Source::length(void* self) {
  return static_cast<sf_count_t>(static_cast<Source*>(self)->bytes.size());
}

sf_count_t SoundFile::Source::seek(sf_count_t offset, int whence, void* self) {
  auto& source = *static_cast<Source*>(self);
  const sf_count_t base = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? source.position
                                               : length(self);
  sf_count_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) return -1;
  source.position = target;
  return target;
}

sf_count_t SoundFile::Source::read(void* to, sf_count_t count, void* self) {
  auto& source = *static_cast<Source*>(self);
  const sf_count_t left = std::max<sf_count_t>(length(self) - source.position, 0);
  const sf_count_t taken = std::clamp<sf_count_t>(count, 0, left);
  if (taken > 0) {
    std::memcpy(to, source.bytes.data() + source.position, static_cast<size_t>(taken));
    source.position += taken;
  }
  return taken;
}

sf_count_t SoundFile::Source::tell(void* self) { return static_cast<Source*>(self)->position; }

SoundFile::SoundFile(std::span<const std::byte> bytes, int raw_format)
    : source_(std::make_unique<Source>(Source{bytes})), file_(nullptr, sf_close) {
  if (raw_format != 0) {
    info_.format = raw_format;
    info_.channels = 1;
    info_.samplerate = kTelephoneRate;
  }
  SF_VIRTUAL_IO io{Source::length, Source::seek, Source::read, nullptr, Source::tell};
  // A failed open leaves its reason in a variable that all threads share.
  static std::mutex opening;
  const std::lock_guard lock(opening);
  file_.reset(sf_open_virtual(&io, SFM_READ, &info_, source_.get()));
  if (!file_) throw Error(plain(sf_strerror(nullptr)));
}

std::string SoundFile::format() const {
  return name_in(kContainers, info_.format & SF_FORMAT_TYPEMASK) + ' ' +
         name_in(kCodecs, info_.format & SF_FORMAT_SUBMASK);
}

size_t SoundFile::read(float* samples, size_t count) {
  const sf_count_t got = sf_readf_float(file_.get(), samples, static_cast<sf_count_t>(count));
  // Kept here because the next read forgets it.
  if (trouble_.empty() && sf_error(file_.get()) != SF_ERR_NO_ERROR) {
    trouble_ = plain(sf_strerror(file_.get()));
  }
  return static_cast<size_t>(std::max<sf_count_t>(got, 0));
}

}  // namespace bonafide
