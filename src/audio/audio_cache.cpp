#include "audio/audio_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>

#include "audio/bytes.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr float kFullScale = 32768;
constexpr uint32_t kIntegers = 1;
constexpr uint32_t kFloats = 2;

// The samples follow, then the warnings, each with a line end.
struct Head {
  uint32_t sample_rate = 0;
  uint32_t format = 0;
  uint32_t constant = 0;
  uint32_t losses = 0;
  uint64_t warnings = 0;  // bytes
};

// Empty when the file cannot be asked: decoding it says why.
std::string key_of(const AudioLocation& location, int sample_rate) {
  std::error_code code;
  const auto path = fs::absolute(location.path, code);
  const auto size = code ? 0 : fs::file_size(location.path, code);
  if (code) return "";
  const auto changed = fs::last_write_time(location.path, code);
  if (code) return "";
  return fmt::format("audio 3\n{}\n{}\n{}\n{}\n{}\n{}\n{}{}", path.native(), size,
                     changed.time_since_epoch().count(), location.member.name,
                     location.member.offset, location.member.size, sample_rate,
                     location.excerpt ? '\n' + location.excerpt->name() : "");
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

std::string lines_of(const std::vector<std::string>& warnings) {
  std::string lines;
  for (std::string line : warnings) {
    std::replace(line.begin(), line.end(), '\n', ' ');
    lines += line + '\n';
  }
  return lines;
}

std::vector<std::string> warnings_of(Bytes lines) {
  std::vector<std::string> warnings;
  for (const std::string_view line : split(text_of(lines), '\n')) warnings.emplace_back(line);
  warnings.pop_back();  // behind the last line end
  return warnings;
}

std::vector<std::byte> packed(const Recording& recording) {
  const auto& [samples, sample_rate] = recording.waveform;
  const bool integers = are_16_bit(samples);
  const std::string warnings = lines_of(recording.warnings);
  std::vector<std::byte> bytes;
  bytes.reserve(sizeof(Head) + samples.size() * (integers ? 2 : 4) + warnings.size());
  append(bytes, Head{.sample_rate = static_cast<uint32_t>(sample_rate),
                     .format = integers ? kIntegers : kFloats,
                     .constant = recording.constant ? 1U : 0U,
                     .losses = static_cast<uint32_t>(recording.losses),
                     .warnings = warnings.size()});
  for (const float sample : samples) {
    if (integers) {
      append(bytes, static_cast<int16_t>(sample * kFullScale));
    } else {
      append(bytes, sample);
    }
  }
  for (const char c : warnings) append(bytes, c);
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

std::optional<Waveform> unpack_samples(Bytes bytes, const Head& head, const StretchChoice& choice) {
  const size_t width = head.format == kIntegers ? sizeof(int16_t) : sizeof(float);
  if (bytes.empty() || bytes.size() % width != 0) return std::nullopt;
  const size_t total = bytes.size() / width;
  size_t start = 0, count = total;
  if (total > choice.length) {
    count = choice.length;
    start = std::min(choice.start(total), total - count);
  }
  Waveform waveform{std::vector<float>(count), static_cast<int>(head.sample_rate)};
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

std::optional<Head> head_of(Bytes bytes, int sample_rate) {
  Head head;
  if (bytes.size() < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data(), sizeof head);
  const bool known = head.format == kIntegers || head.format == kFloats;
  const bool fits = head.warnings <= bytes.size() - sizeof head;
  return known && fits && head.sample_rate == static_cast<uint32_t>(sample_rate)
             ? std::optional(head)
             : std::nullopt;
}

constexpr size_t kWhole = std::numeric_limits<size_t>::max();

}  // namespace

std::optional<Recording> unpack_recording(Bytes bytes, int sample_rate,
                                          const StretchChoice& choice) {
  const auto head = head_of(bytes, sample_rate);
  if (!head) return std::nullopt;
  bytes = bytes.subspan(sizeof(Head));
  const size_t size = bytes.size() - head->warnings;
  auto waveform = unpack_samples(bytes.first(size), *head, choice);
  if (!waveform) return std::nullopt;
  Recording recording;
  recording.waveform = std::move(*waveform);
  recording.constant = head->constant != 0;
  recording.warnings = warnings_of(bytes.subspan(size));
  recording.losses = std::min<size_t>(head->losses, recording.warnings.size());
  return recording;
}

Recording AudioCache::read(const AudioLocation& location, int sample_rate) const {
  return read_cut(location, sample_rate, {kWhole, {}});
}

Waveform AudioCache::read(const AudioLocation& location, int sample_rate,
                          const StretchChoice& choice) const {
  return read_cut(location, sample_rate, choice).waveform;
}

Recording AudioCache::read_cut(const AudioLocation& location, int sample_rate,
                               const StretchChoice& choice) const {
  const std::string key = key_of(location, sample_rate);
  if (!key.empty()) {
    if (const auto entry = files_.find(key)) {
      auto kept = unpack_recording(entry->bytes, sample_rate, choice);
      if (kept && !entry->file.lost()) return std::move(*kept);
    }
  }
  Recording recording = decode(location, {.sample_rate = sample_rate});
  if (!key.empty()) files_.keep(key, packed(recording));
  cut(recording.waveform.samples, choice);
  return recording;
}

}  // namespace bonafide
