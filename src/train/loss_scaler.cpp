#include "train/loss_scaler.h"

#include <algorithm>

namespace bonafide {

namespace {

constexpr int64_t kGrowAfter = 2000;  // steps
constexpr double kSmallest = 1.0;

}  // namespace

void LossScaler::update(bool finite) {
  if (!enabled_) return;
  if (!finite) {
    factor_ = std::max(factor_ / 2, kSmallest);
    good_steps_ = 0;
  } else if (++good_steps_ == kGrowAfter) {
    factor_ *= 2;
    good_steps_ = 0;
  }
}

void LossScaler::restore(const Json& state) {
  state.at("factor").get_to(factor_);
  state.at("good_steps").get_to(good_steps_);
}

}  // namespace bonafide
