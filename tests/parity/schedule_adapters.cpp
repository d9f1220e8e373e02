#include "adapters.h"
#include "base/json_value.h"
#include "train/schedule.h"

namespace bonafide {

namespace {

Results run_restarting_schedule(const Case& golden, torch::Dtype) {
  const Json& config = golden.config();
  RestartOptions options;
  options.max = config.at("max_learning_rate");
  options.min = config.at("min_learning_rate");
  options.first_cycle = config.at("first_cycle_epochs");
  options.multiplier = config.at("cycle_multiplier");
  options.warmup = config.at("warmup_epochs");
  options.decay = config.at("cycle_decay");
  options.by_increment = config.at("stepping") == "increment";
  std::vector<double> rates;
  for (int64_t epoch = 0; epoch < config.at("epochs").get<int64_t>(); ++epoch) {
    rates.push_back(restarting_cosine(options, epoch));
  }
  return {{"learning_rates", torch::tensor(rates, torch::kFloat64)}};
}

}  // namespace

Adapters schedule_adapters() {
  return {
      {"schedule/cosine-annealing-warmup-restarts", run_restarting_schedule},
  };
}

}  // namespace bonafide
