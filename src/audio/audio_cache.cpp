#include "audio/audio_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr float kFullScale = 32768;
constexpr uint32_t kIntegers = 1;
constexpr uint32_t kFloats = 2;

struct Head {
  uint32_t sample_rate = 0;
  uint32_t format = 0;
};

// Empty when the file cannot be asked: decoding it says why.
std::string key_of(const AudioLocation& location, int sample_rate) {
  std::error_code code;
  const auto path = fs::absolute(location.path, code);
  const auto size = code ? 0 : fs::file_size(location.path, code);
  if (code) return "";
  const auto changed = fs::last_write_time(location.path, code);
  if (code) return "";
  return fmt::format("audio 2\n{}\n{}\n{}\n{}\n{}\n{}\n{}", path.native(), size,
                     changed.time_since_epoch().count(), location.member.name,
                     location.member.offset, location.member.size, sample_rate);
}

bool are_16_bit(const std::vector<float>& samples) {
  return std::all_of(samples.begin(), samples.end(), [](float sample) {
    const float scaled = sample * kFullScale;
    return scaled >= -kFullScale && scaled < kFullScale && scaled == std::nearbyint(scaled) &&
           !(scaled == 0 && std::signbit(scaled));
  });
}

template <typename Sample>
void append(std::vector<std::byte>& bytes, const Sample& sample) {
  const auto* raw = reinterpret_cast<const std::byte*>(&sample);
  bytes.insert(bytes.end(), raw, raw + sizeof sample);
}

std::vector<std::byte> packed(const Waveform& waveform) {
  const bool integers = are_16_bit(waveform.samples);
  std::vector<std::byte> bytes;
  bytes.reserve(sizeof(Head) + waveform.samples.size() * (integers ? 2 : 4));
  append(bytes, Head{static_cast<uint32_t>(waveform.sample_rate), integers ? kIntegers : kFloats});
  for (const float sample : waveform.samples) {
    if (integers) {
      append(bytes, static_cast<int16_t>(sample * kFullScale));
    } else {
      append(bytes, sample);
    }
  }
  return bytes;
}

// In pieces of a fixed length, which the compiler turns into vector instructions. One by one it
// took longer than to decode FLAC.
void scale_integers(const std::byte* from, size_t count, float* to) {
  constexpr size_t kPiece = 16;
  int16_t piece[kPiece];
  const auto scale = [&](size_t at, size_t length) {
    std::memcpy(piece, from + at * sizeof(int16_t), length * sizeof(int16_t));
    for (size_t i = 0; i < length; ++i) to[at + i] = static_cast<float>(piece[i]) / kFullScale;
  };
  size_t at = 0;
  for (; at + kPiece <= count; at += kPiece) scale(at, kPiece);
  scale(at, count - at);
}

}  // namespace

std::optional<Waveform> unpack_samples(std::span<const std::byte> bytes, int sample_rate,
                                       const StretchChoice& choice) {
  Head head;
  if (bytes.size() <= sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  const size_t width = head.format == kIntegers ? sizeof(int16_t) : sizeof(float);
  bytes = bytes.subspan(sizeof head);
  if (head.sample_rate != static_cast<uint32_t>(sample_rate) || bytes.size() % width != 0 ||
      (head.format != kIntegers && head.format != kFloats)) {
    return std::nullopt;
  }
  const size_t total = bytes.size() / width;
  size_t start = 0, count = total;
  if (total > choice.length) {
    count = choice.length;
    start = std::min(choice.start(total), total - count);
  }
  Waveform waveform{std::vector<float>(count), sample_rate};
  const std::byte* from = bytes.data() + start * width;
  if (head.format == kFloats) {
    std::memcpy(waveform.samples.data(), from, count * width);
    const bool sound = std::all_of(waveform.samples.begin(), waveform.samples.end(),
                                   [](float sample) { return std::isfinite(sample); });
    return sound ? std::optional(std::move(waveform)) : std::nullopt;
  }
  scale_integers(from, count, waveform.samples.data());
  return waveform;
}

Waveform AudioCache::read(const AudioLocation& location, int sample_rate) const {
  return read(location, sample_rate, {std::numeric_limits<size_t>::max(), {}});
}

Waveform AudioCache::read(const AudioLocation& location, int sample_rate,
                          const StretchChoice& choice) const {
  const std::string key = key_of(location, sample_rate);
  if (!key.empty()) {
    if (const auto entry = files_.find(key)) {
      auto waveform = unpack_samples(entry->bytes, sample_rate, choice);
      if (waveform && !entry->file.lost()) return std::move(*waveform);
    }
  }
  Waveform waveform = decode(location, {.sample_rate = sample_rate}).waveform;
  if (!key.empty()) files_.keep(key, packed(waveform));
  cut(waveform.samples, choice);
  return waveform;
}

}  // namespace bonafide
