#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audio/location.h"
#include "audio/waveform.h"

namespace bonafide {

struct DecodeOptions {
  int sample_rate = 16000;  // Hz, resampled by soxr where the file differs; 0 keeps the file's
  double max_seconds = 0;   // stop reading after so much audio; 0: the whole file
  std::optional<Excerpt> excerpt = {};  // nothing else is read; decode() has the location's
};

// What was decoded, and what a listener should know about it.
struct Recording {
  Waveform waveform;
  std::string format;                 // "wav pcm_16", "flac pcm_16", "raw g722"
  int file_sample_rate = 0;           // Hz
  int channels = 0;                   // averaged into one
  bool constant = false;              // all samples are equal: silence, or a direct current
  std::vector<std::string> warnings;  // "truncated: ...", "digital silence"
  size_t losses = 0;  // so many of the first warnings say that it is damaged or not read whole
};

// Those warnings in one line, "; " between them; empty when all was read.
std::string losses_of(const Recording& recording);

// The most samples of one recording, before and after resampling: 4.6 hours at 16 kHz, 1 GiB.
inline constexpr size_t kMostSamples = size_t{1} << 28;

// Reads any format that libsndfile knows, FLAC in Ogg, and the headerless telephone formats by
// their file name (.g722, .al/.alaw, .ul/.ulaw, .gsm). Streams one after another in a file (a chain
// in Ogg, files that were appended) are read as one. Where less is read than lies there, or less
// lies there than was promised, a warning says so. Integer samples are divided by their full scale,
// never changed otherwise; channels are averaged, all with the same weight (a surround recording's
// too).
//
// Throws Error, naming the file and the reason, for anything else: missing, empty, not a regular
// file, not audio, no samples, a NaN or infinite sample, more than kMostSamples, sample rate under
// 4 kHz or over 768 kHz, more than 64 channels. Memory is bounded by the samples present, never by
// what a header claims.
// A member of an archive is read where its location says, without unpacking; throws Error when the
// archive has changed since, so that no other bytes are there. One of a compressed archive is
// decompressed into memory: quick in the archive's order, slow in any other
// (audio/archive_window.h).
//
// Of a location with an excerpt only that is given, cut at the recording's own rate: its first
// sample is the one nearest to the begin, its last that before the end. Damage elsewhere is not
// noticed. An end up to half a second behind the recording's own is cut off, which is a loss where
// it is more than 10 ms; Error for a stretch that reaches further or has no samples.
Recording decode(const AudioLocation& location, const DecodeOptions& options = {});

// The same for what comes out of a pipe (base/pipe.h), as the whole recording.
Recording decode_pipe(const std::filesystem::path& path, const DecodeOptions& options = {});

// The same for a file in memory. `name` is for messages, and its extension for headerless formats.
Recording decode_bytes(std::span<const std::byte> bytes, const std::filesystem::path& name,
                       const DecodeOptions& options = {});

// Which stretch of a recording, or of the location's excerpt, is wanted. A recording of at most
// `length` samples is wanted whole.
struct StretchChoice {
  size_t length = 0;  // samples
  // Where it begins in a recording of `total` > `length` samples. May be asked more than once: the
  // same answer to the same question.
  std::function<size_t(size_t total)> start;
};

// What decode would give of the stretch, without the notes on the whole. Where the file has the
// wanted rate already and lets us go to any sample (flac, PCM), only the stretch is decoded: damage
// elsewhere is not noticed. `losses`, if any, gets those of losses_of() that are noticed. Throws
// Error as decode does.
Waveform decode_stretch(const AudioLocation& location, int sample_rate, const StretchChoice& choice,
                        std::string* losses = nullptr);
Waveform decode_stretch_of_bytes(std::span<const std::byte> bytes,
                                 const std::filesystem::path& name, int sample_rate,
                                 const StretchChoice& choice, std::string* losses = nullptr,
                                 const std::optional<Excerpt>& excerpt = {});

// The same, but nothing where the whole recording would have to be decoded.
std::optional<Waveform> seek_stretch(const AudioLocation& location, int sample_rate,
                                     const StretchChoice& choice);

// Leaves only the stretch.
void cut(std::vector<float>& samples, const StretchChoice& choice);

// Whether the name ends as those of recordings do. Says nothing of the content.
bool has_audio_extension(const std::filesystem::path& path);

}  // namespace bonafide
