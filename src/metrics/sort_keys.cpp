#include "metrics/sort_keys.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bonafide {

namespace {

// Least significant digit first: six passes of eleven bits. Below some thousand keys the counters
// cost more than comparisons.
constexpr int kDigitBits = 11;
constexpr int kPasses = 6;
constexpr size_t kBuckets = size_t{1} << kDigitBits;
constexpr size_t kFewKeys = 4096;

size_t digit(uint64_t key, int pass) { return (key >> (pass * kDigitBits)) & (kBuckets - 1); }

}  // namespace

void sort_keys(std::vector<uint64_t>& keys) {
  if (keys.size() < kFewKeys) {
    std::sort(keys.begin(), keys.end());
    return;
  }
  std::vector<std::array<size_t, kBuckets>> counts(kPasses);
  for (const uint64_t key : keys) {
    for (int pass = 0; pass < kPasses; ++pass)
      ++counts[static_cast<size_t>(pass)][digit(key, pass)];
  }
  std::vector<uint64_t> other(keys.size());
  for (int pass = 0; pass < kPasses; ++pass) {
    auto& count = counts[static_cast<size_t>(pass)];
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

}  // namespace bonafide
