#include "metrics/sort_keys.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bonafide {

namespace {

// The upper half of the bits, least significant digit first: three passes of eleven bits. That
// leaves few keys out of order, unless all scores lie close together. Below some thousand keys the
// counters cost more than comparisons.
constexpr int kDigitBits = 11;
constexpr size_t kPasses = 3;
constexpr size_t kBuckets = size_t{1} << kDigitBits;
constexpr int kUpperBits = 31;  // sorted by the bits from here on
constexpr size_t kFewKeys = 4096;

size_t digit(uint64_t key, size_t pass) {
  return (key >> (kUpperBits + static_cast<int>(pass) * kDigitBits)) & (kBuckets - 1);
}

void sort_by_upper_bits(std::vector<uint64_t>& keys) {
  std::array<std::array<size_t, kBuckets>, kPasses> counts{};
  for (const uint64_t key : keys) {
    for (size_t pass = 0; pass < kPasses; ++pass) ++counts[pass][digit(key, pass)];
  }
  std::vector<uint64_t> other(keys.size());
  for (size_t pass = 0; pass < kPasses; ++pass) {
    auto& count = counts[pass];
    if (count[digit(keys[0], pass)] == keys.size()) continue;  // all alike in this digit
    size_t start = 0;
    for (size_t& bucket : count) {
      const size_t size = bucket;
      bucket = start;
      start += size;
    }
    for (const uint64_t key : keys) other[count[digit(key, pass)]++] = key;
    keys.swap(other);
  }
}

void sort_runs_of_equal_upper_bits(std::vector<uint64_t>& keys) {
  for (auto first = keys.begin(); first != keys.end();) {
    const uint64_t upper = *first >> kUpperBits;
    const auto last = std::find_if(first + 1, keys.end(),
                                   [&](uint64_t key) { return key >> kUpperBits != upper; });
    if (!std::is_sorted(first, last)) std::sort(first, last);
    first = last;
  }
}

}  // namespace

void sort_keys(std::vector<uint64_t>& keys) {
  if (keys.size() < kFewKeys) {
    std::sort(keys.begin(), keys.end());
    return;
  }
  sort_by_upper_bits(keys);
  sort_runs_of_equal_upper_bits(keys);
}

}  // namespace bonafide
