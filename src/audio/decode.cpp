#include "audio/decode.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>

#include "audio/archive_member.h"
#include "audio/archive_window.h"
#include "audio/open_recording.h"
#include "audio/resample.h"
#include "audio/sample_rate.h"
#include "audio/signature.h"
#include "audio/sound_file.h"
#include "audio/telephone.h"
#include "base/error.h"
#include "base/file.h"
#include "base/pipe.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr int kMostChannels = 64;
constexpr size_t kBlockFrames = size_t{1} << 14;
constexpr size_t kTrustedFrames = size_t{1} << 20;  // a header may claim so many without proof
constexpr double kMostOvershoot = 0.5;  // seconds that an excerpt may end behind the recording
constexpr double kRounding = 0.01;      // seconds of them that need no word
constexpr float kFullScale = 0.999F;
constexpr double kClippedShare = 1e-3;  // of samples at full scale; speech seldom has one

enum class Headerless { kNo, kG722, kALaw, kMuLaw, kGsm };

Headerless headerless_codec(std::span<const std::byte> bytes, const std::filesystem::path& name) {
  if (is_container(bytes)) return Headerless::kNo;
  const std::string extension = lower(name.extension().native());
  if (extension == ".g722") return Headerless::kG722;
  if (extension == ".al" || extension == ".alaw") return Headerless::kALaw;
  if (extension == ".ul" || extension == ".ulaw") return Headerless::kMuLaw;
  if (extension == ".gsm") return Headerless::kGsm;
  return Headerless::kNo;
}

int raw_format(Headerless codec) {
  switch (codec) {
    case Headerless::kALaw:
      return SF_FORMAT_RAW | SF_FORMAT_ALAW;
    case Headerless::kMuLaw:
      return SF_FORMAT_RAW | SF_FORMAT_ULAW;
    case Headerless::kGsm:
      return SF_FORMAT_RAW | SF_FORMAT_GSM610;
    default:
      return 0;
  }
}

// What is heard in the samples of all channels as they go by.
struct Levels {
  float peak = 0;
  size_t at_full_scale = 0;
  size_t samples = 0;

  // Without their sign, the bits of floats are ordered as the numbers are, infinity and NaN on top.
  // In pieces of a fixed length, which the compiler turns into vector instructions.
  void hear(std::span<const float> block) {
    constexpr size_t kPiece = 16;
    uint32_t highest[kPiece] = {std::bit_cast<uint32_t>(peak)};
    uint32_t loud[kPiece] = {};
    size_t at = 0;
    const auto hear_one = [&](size_t i, float sample) {
      const uint32_t magnitude = std::bit_cast<uint32_t>(sample) & 0x7FFFFFFF;
      highest[i] = std::max(highest[i], magnitude);
      loud[i] += magnitude >= std::bit_cast<uint32_t>(kFullScale) ? 1 : 0;
    };
    for (; at + kPiece <= block.size(); at += kPiece) {
      for (size_t i = 0; i < kPiece; ++i) hear_one(i, block[at + i]);
    }
    for (; at < block.size(); ++at) hear_one(0, block[at]);
    peak = std::bit_cast<float>(*std::max_element(highest, highest + kPiece));
    if (!std::isfinite(peak)) throw Error("holds NaN or infinite samples");
    at_full_scale += std::accumulate(loud, loud + kPiece, size_t{0});
    samples += block.size();
  }
};

// How many frames to read, and how many are too many.
struct Extent {
  size_t wanted;
  size_t most;
};

Extent extent(int file_rate, const DecodeOptions& options) {
  const int rate = options.sample_rate > 0 ? options.sample_rate : file_rate;
  const double shrink = std::min(1.0, static_cast<double>(file_rate) / rate);
  const auto most = static_cast<size_t>(static_cast<double>(kMostSamples) * shrink);
  if (!(options.max_seconds > 0)) return {most + 1, most};
  const double frames = std::ceil(options.max_seconds * file_rate);
  return {static_cast<size_t>(std::min(frames, static_cast<double>(most + 1))), most};
}

void average_channels(std::span<const float> frames, size_t channels, float* mono) {
  for (size_t i = 0; i < frames.size() / channels; ++i) {
    double sum = 0;
    for (const float sample : frames.subspan(i * channels, channels)) sum += sample;
    mono[i] = static_cast<float>(sum / static_cast<double>(channels));
  }
}

// The frames that an excerpt means; without one, all of them.
struct FrameRange {
  size_t begin = 0;
  size_t end = std::numeric_limits<size_t>::max();

  size_t size() const { return end - begin; }
};

FrameRange frames_of(const std::optional<Excerpt>& excerpt, int file_rate) {
  if (!excerpt) return {};
  const auto frame = [&](double edge) {
    const double frames = excerpt->unit == Excerpt::Unit::kSeconds ? edge * file_rate : edge;
    return static_cast<size_t>(std::nearbyint(std::clamp(frames, 0.0, 1e15)));
  };
  FrameRange range{.begin = frame(excerpt->begin)};
  if (excerpt->end) range.end = frame(*excerpt->end);
  if (range.begin < range.end) return range;
  throw Error(fmt::format("{} has no samples", excerpt->name()));
}

[[noreturn]] void refuse_begin(const Excerpt& excerpt, double seconds) {
  throw Error(
      fmt::format("{} begins behind the recording, which has {:.3f} s", excerpt.name(), seconds));
}

// What is to be said of an excerpt that ends behind the recording.
void note_end(const Excerpt& excerpt, const FrameRange& range, Recording& recording) {
  const size_t got = recording.waveform.samples.size();
  const double rate = recording.file_sample_rate;
  const double seconds = static_cast<double>(range.begin + got) / rate;
  if (got == 0) refuse_begin(excerpt, seconds);
  if (!excerpt.end) return;
  const double missing = static_cast<double>(range.size() - got) / rate;
  if (missing > kMostOvershoot) {
    throw Error(fmt::format("{} ends {:.3f} s behind the recording, which has {:.3f} s",
                            excerpt.name(), missing, seconds));
  }
  if (missing > kRounding) {
    recording.warnings.push_back(
        fmt::format("{} ends {:.3f} s behind the recording", excerpt.name(), missing));
  }
}

// The file's channels averaged, block by block: a header may claim any length.
std::vector<float> read_mono(SoundSource& file, size_t wanted, Levels& levels) {
  const auto channels = static_cast<size_t>(file.channels());
  std::vector<float> mono;
  mono.reserve(std::min({file.frames(), wanted, kTrustedFrames}) + kBlockFrames);
  std::vector<float> block(channels > 1 ? kBlockFrames * channels : 0);
  while (mono.size() < wanted) {
    const size_t begin = mono.size();
    const size_t count = std::min(kBlockFrames, wanted - begin);
    mono.resize(begin + count);
    float* const target = channels > 1 ? block.data() : &mono[begin];
    const size_t got = file.read(target, count);
    const std::span<const float> frames(target, got * channels);
    levels.hear(frames);
    if (channels > 1) average_channels(frames, channels, &mono[begin]);
    mono.resize(begin + got);
    if (got == 0) break;
  }
  return mono;
}

void check_header(const SoundSource& file) {
  if (file.sample_rate() < kLowestRate || file.sample_rate() > kHighestRate) {
    throw Error(fmt::format("sample rate {} Hz; it must lie between {} and {} Hz",
                            file.sample_rate(), kLowestRate, kHighestRate));
  }
  if (file.channels() > kMostChannels) {
    throw Error(fmt::format("{} channels; at most {} are read", file.channels(), kMostChannels));
  }
}

// How many of that many frames there were to pass over.
size_t skip(SoundSource& file, size_t count) {
  std::vector<float> block(kBlockFrames * static_cast<size_t>(file.channels()));
  size_t skipped = 0;
  while (skipped < count) {
    const size_t got = file.read(block.data(), std::min(kBlockFrames, count - skipped));
    if (got == 0) break;
    skipped += got;
  }
  return skipped;
}

struct OpenedAt {
  std::unique_ptr<SoundSource> file;
  FrameRange range;
  size_t position;  // where its next frame is: at the begin, or, when there is less, at the end
};

OpenedAt open_at(std::span<const std::byte> bytes, Headerless codec,
                 const std::optional<Excerpt>& excerpt) {
  auto file = open_recording(bytes, raw_format(codec));
  check_header(*file);
  const FrameRange range = frames_of(excerpt, file->sample_rate());
  if (range.begin == 0) return {std::move(file), range, 0};
  if (file->frames() > range.begin && file->seek(range.begin)) {
    return {std::move(file), range, range.begin};
  }
  file = open_recording(bytes, raw_format(codec));
  const size_t position = skip(*file, range.begin);
  return {std::move(file), range, position};
}

Recording read_sound_file(std::span<const std::byte> bytes, Headerless codec,
                          const DecodeOptions& options, Levels& levels) {
  const auto [opened, range, position] = open_at(bytes, codec, options.excerpt);
  SoundSource& file = *opened;
  if (position < range.begin) {
    refuse_begin(*options.excerpt, static_cast<double>(position) / file.sample_rate());
  }
  Recording recording;
  recording.format = file.format();
  recording.file_sample_rate = file.sample_rate();
  recording.channels = file.channels();
  const size_t wanted = std::min(extent(file.sample_rate(), options).wanted, range.size());
  recording.waveform = {read_mono(file, wanted, levels), file.sample_rate()};

  const size_t got = recording.waveform.samples.size();
  if (got < wanted) {
    recording.warnings = file.remarks(range.begin + got);
    if (options.excerpt) note_end(*options.excerpt, range, recording);
  } else if (!file.trouble().empty()) {
    recording.warnings.push_back("damaged: " + file.trouble());
  }
  recording.losses = recording.warnings.size();
  return recording;
}

Recording read_g722(std::span<const std::byte> bytes, const DecodeOptions& options,
                    Levels& levels) {
  constexpr int kRate = 16000;  // Hz
  const FrameRange range = frames_of(options.excerpt, kRate);
  const size_t wanted = std::min(extent(kRate, options).wanted, range.size());
  const size_t last = range.begin + wanted;
  Recording recording;
  recording.format = "raw g722";
  recording.file_sample_rate = kRate;
  recording.channels = 1;
  recording.waveform = decode_g722(bytes.first(std::min(bytes.size(), last / 2 + 1)));
  auto& samples = recording.waveform.samples;
  const size_t there = samples.size();
  samples.resize(std::min(there, last));
  samples.erase(samples.begin(),
                samples.begin() + static_cast<std::ptrdiff_t>(std::min(there, range.begin)));
  if (options.excerpt && samples.size() < wanted) note_end(*options.excerpt, range, recording);
  recording.losses = recording.warnings.size();
  levels.hear(samples);
  return recording;
}

void note_levels(const Levels& levels, Recording& recording) {
  const auto& samples = recording.waveform.samples;
  recording.constant = std::all_of(samples.begin(), samples.end(),
                                   [&](float sample) { return sample == samples.front(); });
  if (recording.constant && samples.front() != 0) {
    recording.warnings.push_back("constant signal");
  } else if (recording.constant) {
    recording.warnings.push_back(levels.peak > 0 ? "digital silence: the channels cancel out"
                                                 : "digital silence");
  }
  if (levels.peak > 1) {
    recording.warnings.push_back(fmt::format("samples outside [-1, 1], up to {:.3g}", levels.peak));
  } else if (const double share =
                 static_cast<double>(levels.at_full_scale) / static_cast<double>(levels.samples);
             share > kClippedShare) {
    recording.warnings.push_back(fmt::format("clipped: {:.1f} % at full scale", 100 * share));
  }
}

Recording decode_unnamed(std::span<const std::byte> bytes, Headerless codec,
                         const DecodeOptions& options) {
  if (bytes.empty()) throw Error("an empty file");
  Levels levels;
  Recording recording = codec == Headerless::kG722 ? read_g722(bytes, options, levels)
                                                   : read_sound_file(bytes, codec, options, levels);
  Waveform& waveform = recording.waveform;
  const size_t most = extent(waveform.sample_rate, options).most;
  if (waveform.samples.size() > most) {
    throw Error(fmt::format("longer than {:.0f} minutes, the most that is read at {} Hz",
                            static_cast<double>(most) / waveform.sample_rate / 60,
                            waveform.sample_rate));
  }
  if (waveform.samples.empty()) {
    throw Error(fmt::format("no samples{}{}", recording.warnings.empty() ? "" : "; ",
                            fmt::join(recording.warnings, "; ")));
  }
  note_levels(levels, recording);
  if (options.sample_rate > 0 && options.sample_rate != waveform.sample_rate) {
    waveform = resample(waveform, options.sample_rate);
    if (waveform.samples.empty()) throw Error("too short to be resampled");
    if (!std::all_of(waveform.samples.begin(), waveform.samples.end(),
                     [](float sample) { return std::isfinite(sample); })) {
      throw Error(fmt::format("samples up to {:.3g} are too large to be resampled", levels.peak));
    }
  }
  return recording;
}

std::optional<Waveform> seek_unnamed(std::span<const std::byte> bytes, Headerless codec,
                                     int sample_rate, const StretchChoice& choice,
                                     std::string* losses, const std::optional<Excerpt>& excerpt) {
  if (bytes.empty() || codec == Headerless::kG722) return std::nullopt;
  const auto file = open_recording(bytes, raw_format(codec));
  check_header(*file);
  const size_t frames = file->frames();
  const FrameRange range = frames_of(excerpt, file->sample_rate());
  if (range.begin >= frames || (excerpt && excerpt->end && range.end > frames)) return std::nullopt;
  const size_t total = std::min(range.end, frames) - range.begin;
  if (file->sample_rate() != sample_rate || total <= choice.length || total > kMostSamples) {
    return std::nullopt;
  }
  const size_t start = range.begin + std::min(choice.start(total), total - choice.length);
  if (start > 0 && !file->seek(start)) return std::nullopt;
  Levels levels;
  Waveform waveform{read_mono(*file, choice.length, levels), sample_rate};
  if (waveform.samples.size() < choice.length) return std::nullopt;  // shorter than it claims
  if (losses != nullptr && !excerpt) {
    *losses = fmt::format("{}", fmt::join(file->remarks(total), "; "));
  }
  return waveform;
}

std::optional<Waveform> seek_stretch_of_bytes(std::span<const std::byte> bytes,
                                              const std::filesystem::path& name, int sample_rate,
                                              const StretchChoice& choice, std::string* losses,
                                              const std::optional<Excerpt>& excerpt) {
  try {
    return seek_unnamed(bytes, headerless_codec(bytes, name), sample_rate, choice, losses, excerpt);
  } catch (const Error& e) {
    throw Error(fmt::format("{}: {}", printable(name.native()), e.what()));
  }
}

template <typename Read>
auto read_mapped(const MappedFile& file, const AudioLocation& location, const Read& read) {
  if (location.member.empty()) return read(file.bytes(), location.path);
  const std::filesystem::path name = location.name();
  if (compression_of(file.bytes()).empty()) {
    return read(member_bytes(file.bytes(), location), name);
  }
  const auto piece = decompressed_member(location);
  return read(member_bytes(piece, location, location.member.offset - kTarHeader), name);
}

// A file that is lost while it is read is to blame for whatever comes of it.
template <typename Read>
auto with_bytes(const AudioLocation& location, const Read& read) {
  std::error_code missing;
  if (std::filesystem::is_directory(location.path, missing)) {
    throw Error(
        fmt::format("{}: is a folder, where a recording is expected; name the recordings in it",
                    printable(location.name())));
  }
  MappedFile file(location.path);
  file.watch();
  try {
    auto result = read_mapped(file, location, read);
    file.expect_unchanged();
    return result;
  } catch (const Error&) {
    file.expect_unchanged();
    throw;
  }
}

}  // namespace

Recording decode_bytes(std::span<const std::byte> bytes, const std::filesystem::path& name,
                       const DecodeOptions& options) {
  try {
    return decode_unnamed(bytes, headerless_codec(bytes, name), options);
  } catch (const Error& e) {
    throw Error(fmt::format("{}: {}", printable(name.native()), e.what()));
  }
}

Recording decode(const AudioLocation& location, const DecodeOptions& options) {
  DecodeOptions of_excerpt = options;
  if (location.excerpt) of_excerpt.excerpt = location.excerpt;
  return with_bytes(location, [&](std::span<const std::byte> bytes, const auto& name) {
    return decode_bytes(bytes, name, of_excerpt);
  });
}

Recording decode_pipe(const std::filesystem::path& path, const DecodeOptions& options) {
  const PipeContent pipe(path);
  return decode_bytes(pipe.bytes(), path, options);
}

Waveform decode_stretch_of_bytes(std::span<const std::byte> bytes,
                                 const std::filesystem::path& name, int sample_rate,
                                 const StretchChoice& choice, std::string* losses,
                                 const std::optional<Excerpt>& excerpt) {
  auto stretch = seek_stretch_of_bytes(bytes, name, sample_rate, choice, losses, excerpt);
  if (stretch) return std::move(*stretch);
  Recording whole = decode_bytes(bytes, name, {.sample_rate = sample_rate, .excerpt = excerpt});
  if (losses != nullptr) *losses = losses_of(whole);
  cut(whole.waveform.samples, choice);
  return std::move(whole.waveform);
}

Waveform decode_stretch(const AudioLocation& location, int sample_rate, const StretchChoice& choice,
                        std::string* losses) {
  return with_bytes(location, [&](std::span<const std::byte> bytes, const auto& name) {
    return decode_stretch_of_bytes(bytes, name, sample_rate, choice, losses, location.excerpt);
  });
}

std::optional<Waveform> seek_stretch(const AudioLocation& location, int sample_rate,
                                     const StretchChoice& choice) {
  return with_bytes(location, [&](std::span<const std::byte> bytes, const auto& name) {
    return seek_stretch_of_bytes(bytes, name, sample_rate, choice, nullptr, location.excerpt);
  });
}

std::string losses_of(const Recording& recording) {
  const auto& all = recording.warnings;
  return fmt::format(
      "{}",
      fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(recording.losses), "; "));
}

void cut(std::vector<float>& samples, const StretchChoice& choice) {
  if (samples.size() <= choice.length) return;
  const size_t start = std::min(choice.start(samples.size()), samples.size() - choice.length);
  samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(start));
  samples.resize(choice.length);
}

bool has_audio_extension(const std::filesystem::path& path) {
  static constexpr std::string_view kExtensions[] = {
      ".wav", ".wave", ".w64", ".rf64", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".mp2", ".aif",
      ".aiff", ".aifc", ".au", ".snd", ".caf", ".sph", ".nist", ".g722", ".al", ".alaw", ".ul",
      ".ulaw", ".gsm", ".voc",
      // Of sounds that are not read: a folder that holds one says so.
      ".m4a", ".aac", ".amr", ".awb", ".wma", ".webm", ".mka", ".3gp", ".ape", ".mpc", ".spx",
      ".tta", ".wv"};
  const std::string extension = lower(path.extension().native());
  return std::find(std::begin(kExtensions), std::end(kExtensions), extension) !=
         std::end(kExtensions);
}

}  // namespace bonafide
