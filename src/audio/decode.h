#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "audio/waveform.h"

namespace bonafide {

struct DecodeOptions {
  int sample_rate = 16000;      // Hz, resampled by soxr where the file differs; 0 keeps the file's
  double max_seconds = 0;       // stop reading after so much audio; 0: the whole file
};

// What was decoded, and what a listener should know about it.
struct Recording {
  Waveform waveform;
  std::string format;                 // "wav pcm_16", "flac pcm_16", "raw g722"
  int file_sample_rate = 0;           // Hz
  int channels = 0;                   // averaged into one
  std::vector<std::string> warnings;  // "truncated: ...", "digital silence"
};

// Reads any format that libsndfile knows, and the headerless telephone formats by their file name
// (.g722, .al/.alaw, .ul/.ulaw, .gsm). Throws Error, naming the file and the reason, for anything
// else: missing, empty, not a regular file, not audio, no samples, a NaN or infinite sample, sample
// rate under 4 kHz or over 768 kHz, more than 64 channels. Memory is bounded by the bytes present,
// never by what a header claims.
Recording decode(const std::filesystem::path& path, const DecodeOptions& options = {});

}  // namespace bonafide
