#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace bonafide {

// splitmix64 of Steele, Lea and Flood (2014): a bijection that scatters the bits of x.
uint64_t scatter(uint64_t x);

// FNV-1a, 64 bits.
uint64_t hash(std::string_view text);

// A small reproducible generator: the same numbers on every machine and compiler, unlike the
// distributions of <random>. One generator per (seed, stream); streams are independent, so an
// item's numbers can depend on its index alone and not on the thread that handles it.
class Random {
 public:
  explicit Random(uint64_t seed, uint64_t stream = 0);

  uint64_t bits();
  double uniform();                         // [0, 1)
  double uniform(double low, double high);  // [low, high)
  uint64_t below(uint64_t n);               // 0 .. n-1, without bias; n > 0
  double normal();                          // mean 0, variance 1

  template <typename T>
  void shuffle(std::span<T> items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  uint64_t state_;
};

}  // namespace bonafide
