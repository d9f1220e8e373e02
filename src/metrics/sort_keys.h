#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace bonafide {

// Unsigned integers in the order of numpy's sort of doubles: -inf < ... < -0 == +0 < ... < inf <
// NaN. Sorting them needs no floating-point comparison.
inline constexpr uint64_t kSignBit = uint64_t{1} << 63;
inline constexpr uint64_t kNanKey = std::numeric_limits<uint64_t>::max() - 1;
inline constexpr uint64_t kLastKey = std::numeric_limits<uint64_t>::max();  // above every score

inline uint64_t sort_key(double score) {
  if (std::isnan(score)) return kNanKey;
  const auto bits = std::bit_cast<uint64_t>(score + 0.0);  // + 0.0 turns -0 into +0
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}

inline double score_of_key(uint64_t key) {
  if (key == kNanKey) return std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<double>((key & kSignBit) != 0 ? key ^ kSignBit : ~key);
}

// Ascending.
void sort_keys(std::vector<uint64_t>& keys);

}  // namespace bonafide
