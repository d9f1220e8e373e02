#include <fmt/format.h>

#include "adapters.h"
#include "base/json_value.h"
#include "features/frames.h"
#include "features/log_power.h"
#include "features/spec_augment.h"
#include "losses/angular_margin.h"
#include "losses/cross_entropy.h"
#include "networks.h"
#include "nn/angle_linear.h"
#include "recipe/recipe.h"
#include "systems/classifier.h"
#include "train/optimizer.h"
#include "training.h"

namespace bonafide {

namespace {

constexpr int64_t kMargin = 4;

LogPowerOptions spectrogram_options(const Json& frontend) {
  std::vector<std::string> keys = LogPowerOptions::keys();
  keys.push_back("frames");
  LogPowerOptions options;
  options.read(OptionReader(frontend, "frontend", keys));
  return options;
}

std::shared_ptr<Network> make(const Case& golden, const Json& options, torch::Dtype dtype) {
  Json model = {{"architecture", "LightCNN"}};
  for (const char* key : {"input_shape", "num_classes", "dropout_prob"}) {
    if (options.contains(key)) model[key] = options[key];
  }
  return make_filled(golden, model, dtype);
}

// Of `classes` classes, as weighted_cross_entropy wants them.
std::vector<double> weights_of(const Json& config, int64_t classes) {
  const auto given = class_weights_of(config);
  return given.empty() ? std::vector<double>(static_cast<size_t>(classes), 1.0) : given;
}

Results run_log_power(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  const auto spectrogram =
      log_power_spectrogram(golden.input("wave", dtype), spectrogram_options(config));
  Results results = {{"spectrogram", spectrogram},
                     {"shape", torch::tensor({spectrogram.size(0), spectrogram.size(1)})}};
  if (config.contains("frames")) {
    results["features"] = first_frames(spectrogram, config.at("frames"));
  }
  return results;
}

Results run_spec_augment(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  const Json& frontend = config.at("frontend");
  const auto mask = [&](const char* key) {
    return Mask{config.at(key).at("start"), config.at(key).at("width")};
  };
  const auto spectrogram =
      log_power_spectrogram(golden.input("wave", dtype), spectrogram_options(frontend));
  return {{"features", first_frames(masked(spectrogram, mask("frequency_mask"), mask("time_mask")),
                                    frontend.at("frames"))}};
}

Results run_angle_linear(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  AngleLinear layer(config.at("in_features"), config.at("out_features"));
  golden.fill(*layer);
  layer->to(dtype);
  auto x = golden.input("x", dtype).requires_grad_();
  const auto label = golden.input("label", dtype);
  const auto cosine = layer(x);
  if (!golden.has_input("label")) return {{"cosine", cosine}};
  const auto logits = angular_margin(cosine, label, config.at("m"));
  const auto loss = weighted_cross_entropy(logits, label, weights_of(config, logits.size(1)));
  loss.backward();
  Results results = {{"cosine", cosine}, {"logits", logits}, {"loss", loss}, {"grad.x", x.grad()}};
  add_gradients(*layer, results);
  return results;
}

Results run_lightcnn(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  const auto network = make(golden, config, dtype);
  Results results;
  watch(*network, results);
  const bool learns = config.contains("loss");
  const torch::AutoGradMode gradients(learns);
  auto logits = network->forward({{}, golden.input("features", dtype)}).logits;
  if (golden.training()) logits = angular_margin(logits, golden.input("label", dtype), kMargin);
  results["logits"] = logits;
  if (learns) {
    const auto loss = weighted_cross_entropy(logits, golden.input("label", dtype),
                                             weights_of(config, logits.size(1)));
    loss.backward();
    results["loss"] = loss;
    add_gradients(*network, results);
  }
  return results;
}

Results run_lightcnn_system(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  Json recipe = Recipe::load("lcnn", {}).json();
  recipe["input"]["frontend"] = golden.config().at("frontend");
  recipe["input"]["frontend"]["name"] = "log-power";
  const auto frontend = make_frontend(recipe["input"]);
  ClassifierOptions options;
  options.score_logit = golden.config().at("score_class");
  Classifier system(make(golden, golden.config().at("model"), dtype), options);
  Results results;
  watch(system.network(), results);
  const Json& frontend_options = golden.config().at("frontend");
  std::vector<NetworkInput> rows;
  for (const auto& utterance : utterances_of(golden)) {
    rows.push_back(frontend->make(utterance, nullptr));
    // The front end works in float32.
    if (dtype == torch::kFloat64) {
      const auto spectrogram = log_power_spectrogram(torch::tensor(utterance).to(dtype),
                                                     spectrogram_options(frontend_options));
      rows.back().features = first_frames(spectrogram, frontend_options.at("frames"));
    }
  }
  const NetworkInput input = stack(rows).to(torch::kCPU, dtype);
  results["score"] = system.answer({input, {}}).score;
  results["logits"] = system.network().forward(input).logits;
  return results;
}

Results run_lightcnn_training(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  ClassifierOptions options;
  options.class_weights = detector_weights_of(config);
  options.margin = kMargin;
  Classifier system(make(golden, config.at("model"), dtype), options);
  Json optimizer_options = config.at("optimizer");
  optimizer_options["eps"] = optimizer_options.at("epsilon");
  optimizer_options["amsgrad"] = false;
  Optimizer optimizer(optimizer_options, system.module());
  const int64_t steps = config.at("steps");
  const int64_t steps_per_epoch = config.at("scheduler").at("steps_per_epoch");
  const auto schedule =
      make_schedule(config.at("scheduler"), optimizer_options.at("lr"),
                    {(steps + steps_per_epoch - 1) / steps_per_epoch, steps_per_epoch});
  const Batch batch = {{{}, golden.input("features", dtype)}, golden.input("label", dtype)};

  std::vector<double> losses;
  const auto cosines = first_logits(system.network(), batch.input);
  Results results = train_on({system, optimizer, *schedule, batch, steps, steps_per_epoch},
                             [&](const UpdateResult& step) { losses.push_back(step.loss); });
  results["logits.step0"] = angular_margin(cosines, batch.label, kMargin);
  results["loss_cross_entropy"] = torch::tensor(losses, torch::kFloat64);

  if (!golden.has_input("eval_features")) return results;
  const torch::NoGradGuard no_grad;
  system.module().eval();
  results["eval_logits"] =
      system.network().forward({{}, golden.input("eval_features", dtype)}).logits;
  return results;
}

}  // namespace

Adapters lightcnn_adapters() {
  return {
      {"frontend/lcnn-log-power", run_log_power},    {"augment/lcnn-specaugment", run_spec_augment},
      {"classifier/angle-linear", run_angle_linear}, {"model/lcnn", run_lightcnn},
      {"system/lcnn", run_lightcnn_system},          {"train/lcnn", run_lightcnn_training},
  };
}

}  // namespace bonafide
