#include "losses/ramp.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "base/text.h"

namespace bonafide {

Ramp Ramp::of(const Json& value, const std::string& key, double least, double most) {
  if (value.is_number()) {
    const auto number = value.get<double>();
    if (!(number >= least && number <= most)) {
      throw UsageError(
          fmt::format("{}: {} is not a number from {} to {}", key, value.dump(), least, most));
    }
    return Ramp(number);
  }
  if (!value.is_object() || !value.contains("from") || !value.contains("to") ||
      !value.contains("end")) {
    throw UsageError(fmt::format("{}: {} is neither a number nor {{from, to, begin, end}}", key,
                                 printable(value.dump())));
  }
  const OptionReader reader(value, key, {"from", "to", "begin", "end", "unit", "shape"});
  constexpr double kMost = 1e15;
  Ramp ramp(0);
  std::string unit = "step", shape = "linear";
  reader.number("from", ramp.from_, least, most);
  reader.number("to", ramp.to_, least, most);
  reader.number("begin", ramp.begin_, 0, kMost);
  reader.number("end", ramp.end_, 0, kMost);
  reader.word("unit", unit, {"step", "epoch"});
  reader.word("shape", shape, {"linear", "cosine"});
  if (!(ramp.end_ > ramp.begin_)) {
    throw UsageError(
        fmt::format("{}: end {} does not come after begin {}", key, ramp.end_, ramp.begin_));
  }
  ramp.epochs_ = unit == "epoch";
  ramp.cosine_ = shape == "cosine";
  return ramp;
}

double Ramp::at(const TrainingClock& clock) const {
  const double now = epochs_ ? clock.epoch : static_cast<double>(clock.step);
  double share = std::clamp((now - begin_) / (end_ - begin_), 0.0, 1.0);
  if (cosine_) share = (1 - std::cos(std::numbers::pi * share)) / 2;
  return from_ + share * (to_ - from_);
}

}  // namespace bonafide
