#pragma once

#include <span>
#include <string>
#include <vector>

namespace bonafide {

// A rule that makes one score of several and has nothing to be fitted: mean, max, min; root (the
// mean of square roots) and geometric (the geometric mean), which are for probabilities and take no
// negative score.
class FusionRule {
 public:
  // Throws Error for another name, listing these.
  explicit FusionRule(const std::string& name);

  // Of one or more scores. Throws Error for a negative one where the rule takes none.
  double operator()(std::span<const double> scores) const;

  std::string name() const { return name_; }

  static const std::vector<std::string>& names();
  static bool is_one(const std::string& name);

 private:
  std::string name_;
  double (*rule_)(std::span<const double>);
  bool only_positive_;
};

}  // namespace bonafide
