#include "train/job.h"

#include "tensor/device.h"

namespace bonafide {

Job::Job(const Recipe& recipe, Progress& shown)
    : place_(place_from_environment()),
      device_(find_device(device_of(recipe.text("compute.device"), place_))),
      all_(join(place_, device_)),
      progress_(all_->first() ? shown : silent_) {}

std::pair<bool, bool> Job::anywhere(bool first, bool second) const {
  if (all_->size() == 1) return {first, second};
  auto votes = torch::tensor({first ? 1.0F : 0.0F, second ? 1.0F : 0.0F}).to(device_);
  all_->sum(votes);
  votes = votes.cpu();
  return {votes[0].item<float>() > 0, votes[1].item<float>() > 0};
}

}  // namespace bonafide
