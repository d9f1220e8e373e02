#include "base/random.h"

#include <cmath>
#include <numbers>

namespace bonafide {

namespace {
constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;
}

uint64_t scatter(uint64_t x) {
  x += kGolden;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

uint64_t hash(std::string_view text) {
  uint64_t h = 0xCBF29CE484222325;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return h;
}

Random::Random(uint64_t seed, uint64_t stream) : state_(scatter(seed) ^ scatter(~stream)) {}

uint64_t Random::bits() {
  const uint64_t value = scatter(state_);
  state_ += kGolden;
  return value;
}

double Random::uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

uint64_t Random::below(uint64_t n) {
  const uint64_t first_biased = -n % n;  // 2^64 mod n
  uint64_t x = bits();
  while (x < first_biased) x = bits();
  return x % n;
}

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace bonafide
