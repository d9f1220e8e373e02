#include "train/learner.h"

#include "base/json_value.h"
#include "base/random.h"
#include "tensor/precision.h"
#include "train/parameter_names.h"

namespace bonafide {

namespace {

UpdateOptions update_options(const Recipe& recipe, torch::Device device) {
  UpdateOptions options;
  options.precision = parse_precision(recipe.text("compute.precision"), device);
  const Json& clip = recipe.at("train.clip_norm");
  if (clip.is_number()) options.clip_norm = clip.get<double>();
  return options;
}

TrainingLength training_length(const Recipe& recipe, int64_t batches, int64_t accumulate) {
  return {.epochs = recipe.integer("train.epochs"),
          .steps_per_epoch = (batches + accumulate - 1) / accumulate};
}

}  // namespace

Learner::Learner(const Recipe& recipe, System& system, const Job& job, int64_t batches,
                 uint64_t seed)
    : recipe_(recipe),
      system_(system),
      device_(job.device()),
      seed_(seed),
      accumulate_(recipe.integer("train.accumulate")),
      length_(training_length(recipe, batches, accumulate_)),
      schedule_(make_schedule(recipe.at("schedule"), recipe.number("optimizer.lr"), length_)),
      optimizer_(recipe.at("optimizer"), system.module()),
      update_(system, optimizer_, job.all(), update_options(recipe, device_)),
      moving_share_(recipe.at("train.ema").is_null() ? 0 : 1 - recipe.number("train.ema")) {}

UpdateResult Learner::step(const std::vector<Batch>& batches, int64_t number) {
  Random random(seed_, scatter(static_cast<uint64_t>(number)));
  std::vector<Batch> here;
  for (const Batch& batch : batches) here.push_back(batch.to(device_, torch::kFloat32));
  const double epochs = static_cast<double>(number) / static_cast<double>(steps_per_epoch());
  UpdateResult result = update_.run(here, rate(number), {number, epochs}, random);
  if (moving_share_ > 0) moving_.add(system_.module(), moving_share_);
  return result;
}

void Learner::freeze_or_thaw(int64_t epoch) {
  const auto patterns = read_patterns(recipe_.at("train.freeze"), "train.freeze");
  if (patterns.empty()) return;
  const Json& thaw = recipe_.at("train.unfreeze_epoch");
  const bool learn = thaw.is_number() && epoch >= thaw.get<int64_t>();
  set_learning(system_.module(), patterns, learn, "train.freeze");
  update_.parameters_changed();
}

Learner::Averaged::Averaged(Learner& learner) : system_(learner.system_) {
  if (learner.moving_share_ == 0) return;
  own_.add(system_.module());
  learner.moving_.write_to(system_.module());
}

Learner::Averaged::~Averaged() {
  if (own_.count() > 0) own_.write_to(system_.module());
}

TrainingParts Learner::parts(WeightAverage& average) {
  return {system_, optimizer_, *schedule_, update_.scaler(), average, moving_};
}

}  // namespace bonafide
