#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "audio/codec_parts.h"
#include "audio/decode.h"
#include "base/child_process.h"
#include "base/error.h"
#include "base/file.h"
#include "base/scratch_folder.h"

namespace bonafide {

namespace {

// Debian's libavcodec is a GPL build, so it is not linked; the program ffmpeg, where somebody
// installed it, codes for us. Slower by the start of two processes (some 0.1 s).
Waveform pass(const Waveform& waveform, int bit_rate, const LostPackets&) {
  const ScratchFolder scratch;
  std::string raw;
  for (const int16_t sample : to_pcm16(waveform.samples, 1)) {
    raw.append(reinterpret_cast<const char*>(&sample), sizeof sample);
  }
  write_atomically(scratch.file("x.raw"), raw);
  const std::string rate = fmt::format("{}", waveform.sample_rate);
  run({.arguments = {"ffmpeg", "-v", "error", "-f", "s16le", "-ar", rate, "-ac", "1", "-i",
                     scratch.file("x.raw"), "-c:a", "aac", "-b:a", fmt::format("{}", bit_rate),
                     "-map_metadata", "-1", scratch.file("x.m4a")}});
  run({.arguments = {"ffmpeg", "-v", "error", "-i", scratch.file("x.m4a"), "-ac", "1", "-ar", rate,
                     "-c:a", "pcm_s16le", scratch.file("y.wav")}});
  Waveform decoded =
      decode(std::filesystem::path(scratch.file("y.wav")), {.sample_rate = waveform.sample_rate})
          .waveform;
  decoded.samples.resize(waveform.samples.size());
  return decoded;
}

}  // namespace

Codec aac_codec() {
  return {"aac",
          "AAC-LC in MP4 through the program ffmpeg, 16 to 128 kbit/s",
          16000,
          {64000, 128000, 96000, 48000, 32000, 24000, 16000},
          program_exists("ffmpeg") ? "" : "needs the program ffmpeg",
          0,  // ffmpeg takes it out
          pass};
}

}  // namespace bonafide
