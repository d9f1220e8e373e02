#include "systems/pair.h"

#include <fmt/format.h>

#include <cmath>

#include "base/digest.h"
#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "nn/batch_norm.h"
#include "tensor/state.h"

namespace bonafide {

namespace {

constexpr size_t kRecentBytes = size_t{256} << 20;
constexpr int64_t kFourSeconds = 64000;          // samples
constexpr int64_t kMostKept = int64_t{1} << 20;  // bytes of four seconds that a folder takes

// Another one after each change of a weight in place.
int64_t version_of(const torch::nn::Module& module) {
  int64_t version = 0;
  for (const auto& [name, tensor] : state_of(module)) version += tensor._version();
  return version;
}

std::string digest_of(const torch::nn::Module& module) {
  std::string digests;
  for (const auto& [name, tensor] : state_of(module)) {
    const auto here = tensor.detach().to(torch::kCPU).contiguous();
    digests += name + sha256({static_cast<const std::byte*>(here.data_ptr()), here.nbytes()});
  }
  return sha256(std::as_bytes(std::span(digests)));
}

void expect_small(const SslEncoderOptions& encoder, bool pools) {
  const int64_t layers = encoder.num_hidden_layers, frames = encoder.frames(kFourSeconds);
  const int64_t bytes = 4 * layers * frames * encoder.hidden_size;
  if (pools || bytes <= kMostKept) return;
  throw UsageError(fmt::format(
      "loader.features: what this encoder makes of four seconds takes {:.1f} MB ({} layers x {} "
      "frames x {} numbers), and {:.1f} MB are the most that is kept; a classifier over the mean "
      "(ff, ff-diff, ff-concat3) needs far less",
      static_cast<double>(bytes) / 1e6, layers, frames, encoder.hidden_size,
      static_cast<double>(kMostKept) / 1e6));
}

template <typename Value>
void read_word(const OptionReader& read, const std::string& key, Value& value,
               const std::vector<std::pair<std::string, Value>>& meanings) {
  std::vector<std::string> words;
  for (const auto& [word, meaning] : meanings) words.push_back(word);
  std::string word = meanings.front().first;
  read.word(key, word, words);
  for (const auto& [known, meaning] : meanings) {
    if (known == word) value = meaning;
  }
}

void read_model(const Json& model, PairOptions& options) {
  const OptionReader read(model, "model",
                          {"encoder", "classifier", "processor", "attention_heads", "reference",
                           "waveform_normalization", "finetune_bn", "frozen_dropout"});
  using Statistics = PairOptions::Statistics;
  read_word<WaveformScope>(read, "waveform_normalization", options.normalization,
                           {{"utterance", WaveformScope::kUtterance},
                            {"batch", WaveformScope::kBatch},
                            {"none", WaveformScope::kNone}});
  read_word<Statistics>(read, "finetune_bn", options.statistics,
                        {{"batch", Statistics::kBatch},
                         {"eval-after-first", Statistics::kEvalAfterFirst},
                         {"frozen", Statistics::kFrozen}});
  read.flag("frozen_dropout", options.frozen_dropout);
}

// Only training keeps summaries, in full precision; the recipe of a model file has no folder.
void read_training(const Json& recipe, PairOptions& options) {
  const Json& folder = recipe["loader"]["features"];
  const bool full = recipe["compute"]["precision"] == "float32";
  if (folder.is_string() && full) options.kept_summaries = folder.get<std::string>();
  options.learns_from_plain =
      recipe["augment"]["steps"].empty() && recipe["train"]["crop"] != "random";
}

}  // namespace

PairSystem::PairSystem(SslEncoder encoder, std::shared_ptr<PairClassifier> classifier,
                       const PairOptions& options)
    : encoder_(std::move(encoder)),
      classifier_(std::move(classifier)),
      options_(options),
      recent_(kRecentBytes) {
  classifier_->register_module("extractor", encoder_);
  if (!options_.kept_summaries.empty()) expect_small(encoder_->options(), classifier_->pools());
}

bool PairSystem::frozen() const {
  for (const auto& parameter : encoder_->parameters()) {
    if (parameter.requires_grad()) return false;
  }
  return true;
}

void PairSystem::prepare(const TrainingClock& clock, Random&) {
  using Statistics = PairOptions::Statistics;
  if (options_.statistics == Statistics::kEvalAfterFirst && clock.epoch >= 1) classifier_->eval();
  if (options_.statistics != Statistics::kFrozen) return;
  for (const auto& module : classifier_->modules()) {
    if (module->as<BatchNormImpl>() != nullptr) module->eval();
  }
}

torch::Tensor PairSystem::hear_anew(const NetworkInput& input) {
  const bool learns = !frozen();
  if (!learns && !options_.frozen_dropout) encoder_->eval();
  const torch::AutoGradMode gradients(torch::GradMode::is_enabled() && learns);
  return classifier_->summary(states_of(input));
}

// [L, B, T, D]
torch::Tensor PairSystem::states_of(const NetworkInput& input) {
  const auto waves = normalize_waveforms(input.wave, input.length, options_.normalization);
  return torch::stack(encoder_->forward(waves).layers);
}

// One recording after another, so that each is found again whatever batch it comes in.
torch::Tensor PairSystem::kept(const torch::Tensor& waves) {
  if (files_ == nullptr || filed_by_ != version_of(*encoder_)) {
    filed_by_ = version_of(*encoder_);
    files_ = std::make_unique<FeatureCache>(
        options_.kept_summaries, Json{{"encoder", digest_of(*encoder_)},
                                      {"normalization", static_cast<int>(options_.normalization)},
                                      {"pools", classifier_->pools()}});
  }
  std::vector<torch::Tensor> rows;
  for (int64_t i = 0; i < waves.size(0); ++i) {
    const auto samples = waves[i].to(torch::kCPU, torch::kFloat32).contiguous();
    const std::span<const float> key(samples.data_ptr<float>(),
                                     static_cast<size_t>(samples.numel()));
    const auto row = files_->recall(key, [&] { return hear_anew(waves.narrow(0, i, 1)).cpu(); });
    rows.push_back(row.to(waves.device(), waves.scalar_type()));
  }
  return torch::cat(rows, classifier_->pools() ? 0 : 1);
}

// Padding counts as sound, so what is kept serves only where there is none.
torch::Tensor PairSystem::hear(const NetworkInput& input) {
  const bool learning = classifier_->is_training();
  const bool random = learning && (options_.frozen_dropout || !options_.learns_from_plain);
  const bool keeps = !options_.kept_summaries.empty() && !input.length.defined() && frozen() &&
                     !random && judges_alone();
  return keeps ? kept(input.wave) : hear_anew(input);
}

torch::Tensor PairSystem::hear_reference(const NetworkInput& reference) {
  if (torch::GradMode::is_enabled() || classifier_->is_training() || !judges_alone() ||
      reference.length.defined()) {
    return hear(reference);
  }
  const int64_t version = version_of(*encoder_);
  if (version != heard_by_) recent_.forget();
  heard_by_ = version;
  return recent_.of(reference.wave, [this](const torch::Tensor& waves) { return hear(waves); });
}

void PairSystem::expect_frames(const NetworkInput& input, const char* what) const {
  const auto& options = encoder_->options();
  const int64_t samples =
      input.length.defined() ? input.length.min().item<int64_t>() : input.wave.size(1);
  if (options.frames(samples) > 0) return;
  throw Error(fmt::format("the {} has {} samples where it is heard; the encoder hears {} at least",
                          what, samples, options.receptive_field()));
}

NetworkOutput PairSystem::run(const Batch& batch) {
  const bool there = batch.reference.wave.defined();
  if (needs_reference() && !there) throw Error("this system compares, and there is no reference");
  if (classifier_->joins_waveforms()) {
    const auto both = torch::cat({batch.reference.wave, batch.input.wave}, /*dim=*/1);
    return classifier_->forward(hear(both), {});
  }
  const bool compared = classifier_->compares() && there;
  expect_frames(batch.input, "recording");
  if (compared) expect_frames(batch.reference, "reference");
  const auto reference = compared ? hear_reference(batch.reference) : torch::Tensor();
  return classifier_->forward(hear(batch.input), reference);
}

ReferenceSensitivity PairSystem::sensitivity(const Batch& batch, const NetworkInput& noise,
                                             const NetworkInput& silence) {
  if (classifier_->joins_waveforms() || !classifier_->compares()) {
    throw Error("this classifier looks at no hidden states of a reference");
  }
  const torch::NoGradGuard no_grad;
  classifier_->eval();
  const SensitivityStates states = {states_of(batch.input), states_of(batch.reference),
                                    states_of(noise), states_of(silence)};
  return measure_sensitivity(*classifier_, states, 1 - batch.label);
}

LossSum PairSystem::learn(const Batch& batch) {
  if (batch.label.min().item<int64_t>() < 0) {
    throw Error("a recording without a label, and this system learns from both classes");
  }
  const auto logits = run(batch).logits;
  const auto classes = 1 - batch.label;  // logit 0 is that of bona fide speech
  LossSum sum;
  sum.total = torch::cross_entropy_loss(logits, classes);
  if (torch::GradMode::is_enabled() && !sum.total.requires_grad()) {
    throw UsageError("train.freeze: nothing of this system is left to learn");
  }
  count_right(sum, logits, classes);
  return sum;
}

Answer PairSystem::answer(const Batch& batch) {
  const NetworkOutput output = run(batch);
  const auto logits = output.logits.to(torch::kFloat64);
  const auto margin = logits.select(1, 0) - logits.select(1, 1);
  return {options_.margin ? margin : torch::sigmoid(margin), output.embedding, margin.unsqueeze(1)};
}

double PairSystem::joined_score(double mean, std::span<const float> parts) const {
  return options_.margin ? mean : 1 / (1 + std::exp(-double{parts.front()}));
}

std::unique_ptr<System> make_pair(const Json& recipe) {
  const Json& model = recipe["model"];
  PairOptions options;
  read_model(model, options);
  read_training(recipe, options);
  const OptionReader score(recipe["score"], "score", {"rule", "over", "precision"});
  read_word<bool>(score, "rule", options.margin, {{"probability", false}, {"margin", true}});
  OptionReader(recipe["loss"], "loss", {});
  const auto encoder = SslEncoderOptions::from_json(model.value("encoder", Json::object()));
  const auto classifier =
      make_pair_classifier(model, {encoder.num_hidden_layers, encoder.hidden_size});
  return std::make_unique<PairSystem>(SslEncoder(encoder), classifier, options);
}

}  // namespace bonafide
