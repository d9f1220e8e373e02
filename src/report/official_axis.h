#pragma once

#include <string>
#include <vector>

#include "metrics/breakdown.h"
#include "metrics/detector_trials.h"

namespace bonafide {

// A row or column of an official table: which trials it takes. No factor: all of them.
struct AxisEntry {
  std::string tag;  // as printed
  std::string factor;
  std::string value;
  FactorSide side = FactorSide::kBoth;
};

using OfficialAxis = std::vector<AxisEntry>;

// The axis' entries resolved against the trials: a value that no trial has selects nothing on its
// side.
class ResolvedAxis {
 public:
  ResolvedAxis(const OfficialAxis& axis, const Trials& trials);

  size_t size() const { return selections_.size(); }
  const Selection& operator[](size_t i) const { return selections_[i]; }

 private:
  std::vector<Condition> conditions_;
  std::vector<Selection> selections_;
};

std::vector<std::string> tags(const OfficialAxis& axis);

}  // namespace bonafide
