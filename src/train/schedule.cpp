#include "train/schedule.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

Schedule::Schedule(const Json& options, double rate, int64_t total_steps)
    : rate_(rate), least_(options["lr_min"].get<double>()), total_steps_(total_steps) {
  const std::string name = options["name"].get<std::string>();
  if (name == "cosine") {
    kind_ = Kind::kCosine;
  } else if (name == "keras_decay") {
    kind_ = Kind::kKerasDecay;
  } else if (name == "constant") {
    kind_ = Kind::kConstant;
  } else {
    throw UsageError(
        fmt::format("schedule.name: there is no \"{}\"; there are: cosine, keras_decay, constant",
                    printable(name)));
  }
}

double Schedule::at(int64_t step) const {
  const double k = static_cast<double>(step);
  switch (kind_) {
    case Kind::kCosine: {
      const double floor = least_ / rate_;
      const double share = k / static_cast<double>(total_steps_);
      return rate_ * (floor + (1.0 - floor) * 0.5 * (1.0 + std::cos(share * std::numbers::pi)));
    }
    case Kind::kKerasDecay:
      return rate_ / (1.0 + 1e-4 * k);
    case Kind::kConstant:
      break;
  }
  return rate_;
}

}  // namespace bonafide
