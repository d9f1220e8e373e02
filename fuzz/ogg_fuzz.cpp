// Any bytes as pages of Ogg, with their sums put right, so that what lies behind the check is tried
// too: a Recording of finite samples, or an Error.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "audio/decode.h"
#include "base/error.h"

namespace {

uint32_t sum_of(std::span<const uint8_t> page) {
  uint32_t sum = 0;
  for (const uint8_t byte : page) {
    sum ^= static_cast<uint32_t>(byte) << 24;
    for (int bit = 0; bit < 8; ++bit)
      sum = sum << 1 ^ ((sum & 0x80000000U) != 0 ? 0x04C11DB7U : 0U);
  }
  return sum;
}

// Where a page begins there and fits; returns its length, or 0.
size_t put_right(std::span<uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (bytes.size() < 27 || !text.starts_with("OggS")) return 0;
  size_t size = size_t{27} + bytes[26];
  if (bytes.size() < size) return 0;
  for (size_t i = 0; i < bytes[26]; ++i) size += bytes[27 + i];
  if (bytes.size() < size) return 0;
  for (size_t i = 22; i < 26; ++i) bytes[i] = 0;
  const uint32_t sum = sum_of(bytes.first(size));
  for (size_t i = 0; i < 4; ++i) bytes[22 + i] = static_cast<uint8_t>(sum >> 8 * i);
  return size;
}

}  // namespace

// libsndfile 1.2.0 forgets it when the headers of a Vorbis stream are broken.
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  std::vector<uint8_t> bytes(data, data + size);
  for (size_t at = 0; at < size;)
    at += std::max<size_t>(put_right(std::span(bytes).subspan(at)), 1);
  try {
    const Recording recording =
        decode_bytes(std::as_bytes(std::span(bytes)), "a.ogg", {.max_seconds = 5});
    if (recording.waveform.samples.empty()) std::abort();
    for (const float sample : recording.waveform.samples) {
      if (!std::isfinite(sample)) std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
