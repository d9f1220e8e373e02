#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace bonafide {

// Where a sound file with a header keeps its samples, and how much of them the header promises,
// beside what really lies there. For WAV (RIFF, RIFX, RF64, BW64), Wave64, AIFF, CAF, AU and NIST.
struct DataExtent {
  // Where the header says how much it is; a width of 0 where no such field is known.
  struct SizeField {
    size_t at = 0, width = 0;  // bytes
    bool big_endian = false;
    uint64_t besides = 0;  // bytes that it counts besides the samples
  };

  size_t begin = 0;  // of the samples
  // Bytes of samples, in AIFF by its number of frames where that says more; nothing when the writer
  // did not know.
  std::optional<uint64_t> promised;
  size_t end = 0;        // of the samples that lie there
  size_t next_file = 0;  // where another file begins, appended to this one; the size of all if none
  size_t left = 0;       // bytes behind the samples that are neither chunks nor another file
  bool more_samples = false;  // they begin with another chunk of samples
  SizeField size_field = {};
  bool needs_header = false;  // the header is wrong (a size of 32 bits that wrapped round, or a
                              // stand-in for one) or of a kind that libsndfile does not know

  uint64_t missing() const {
    return promised && *promised > end - begin ? *promised - (end - begin) : 0;
  }
};

// Nothing for other files, and for a header without samples.
std::optional<DataExtent> data_extent(std::span<const std::byte> bytes);

}  // namespace bonafide
