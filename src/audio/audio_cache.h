#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "audio/decode.h"
#include "base/file_cache.h"

namespace bonafide {

// Recordings as they come out of decode(), kept decoded in a folder and mapped into memory when
// they are wanted again: 16-bit integers where those are what the samples are (a 16-bit file at the
// wanted rate), else floats. Found by the file's path, size and time of change, so that a changed
// recording is decoded anew. Safe for many threads and processes at once (base/file_cache.h).
class AudioCache {
 public:
  // Throws Error when the folder cannot be made.
  explicit AudioCache(const std::filesystem::path& folder) : files_(folder) {}

  // The same samples and warnings as decode(location, rate) gives; how the file is coded is not
  // kept. Throws what it throws.
  Recording read(const AudioLocation& location, int sample_rate) const;
  // The same as decode_stretch.
  Waveform read(const AudioLocation& location, int sample_rate, const StretchChoice& choice) const;

  // Why recordings are no longer kept (a full disk); empty while all is well.
  std::string trouble() const { return files_.trouble(); }

 private:
  // The recording's warnings are those of the whole.
  Recording read_cut(const AudioLocation& location, int sample_rate,
                     const StretchChoice& choice) const;

  FileCache files_;
};

// An entry with the stretch of its samples; nothing when the bytes are no entry of that rate.
std::optional<Recording> unpack_recording(std::span<const std::byte> bytes, int sample_rate,
                                          const StretchChoice& choice);

}  // namespace bonafide
