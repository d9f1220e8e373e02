#include "parity/golden_scores.h"

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/json_value.h"
#include "base/random.h"

namespace bonafide {

namespace {

// golden.py's uniform01: 24 bits of splitmix64 over the hash of the name and the index.
double uniform01(uint64_t seed, uint64_t index) {
  return static_cast<double>(scatter(seed + index) >> 40) / static_cast<double>(1 << 24);
}

std::vector<double> irwin_hall(const Json& source) {
  const uint64_t seed = hash(source.at("name").get<std::string>());
  const auto n = source.at("n").get<size_t>();
  const double mu = source.at("mu").get<double>();
  const double sigma = source.at("sigma").get<double>();
  const double quant = source.value("quant", 0.0);
  std::vector<double> scores(n);
  for (size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (size_t k = 12 * i; k < 12 * i + 12; ++k) sum += uniform01(seed, k);
    scores[i] = mu + sigma * (sum - 6);
    if (quant > 0) scores[i] = std::floor(scores[i] * quant) / quant;
  }
  return scores;
}

}  // namespace

double golden_number(const Json& value) {
  if (!value.is_string()) return value.get<double>();
  const auto& word = value.get_ref<const std::string&>();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  throw Error("golden number: \"" + word + "\"");
}

std::vector<double> golden_scores(const Json& source) {
  if (source.contains("gen")) return irwin_hall(source);
  std::vector<double> scores;
  for (const Json& value : source.at("values")) scores.push_back(golden_number(value));
  return scores;
}

}  // namespace bonafide
