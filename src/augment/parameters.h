#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/random.h"

namespace bonafide {

// A real number drawn uniformly between two.
struct Range {
  double low = 0;
  double high = 0;

  double draw(Random& random) const { return random.uniform(low, high); }
};

// The keys of one step of a recipe's augmentation chain: {name: gain, p: 0.5, db: [-6, 6]}. Each
// getter takes its key, and throws UsageError naming step and key for a value of another kind or
// outside [low, high].
class Parameters {
 public:
  // `where` goes into messages: "augment.steps[2] (gain)".
  Parameters(const Json& given, std::string where);

  double number(const std::string& key, double fallback, double low, double high);
  int64_t integer(const std::string& key, int64_t fallback, int64_t low, int64_t high);
  bool flag(const std::string& key, bool fallback);
  std::string text(const std::string& key, const std::string& fallback);
  std::string choice(const std::string& key, const std::string& fallback,
                     const std::vector<std::string>& choices);
  // A single number stands for a range without width.
  Range range(const std::string& key, Range fallback, double low, double high);
  std::vector<int64_t> integers(const std::string& key, const std::vector<int64_t>& fallback,
                                int64_t low, int64_t high);
  std::vector<double> numbers(const std::string& key, const std::vector<double>& fallback,
                              double low, double high);
  std::vector<std::string> texts(const std::string& key, const std::vector<std::string>& fallback);
  // The value as it stands; null when it is not there.
  Json raw(const std::string& key);

  // Throws UsageError for a key that no getter asked for, with the nearest that one did.
  void finish() const;

  [[noreturn]] void refuse(const std::string& key, const std::string& wanted) const;
  const std::string& where() const { return where_; }

 private:
  const Json* find(const std::string& key);
  void check(const std::string& key, double value, double low, double high) const;

  const Json& given_;
  std::string where_;
  std::set<std::string> known_;
};

}  // namespace bonafide
