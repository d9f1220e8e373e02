#include "systems/classifier.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/random.h"

namespace bonafide {

namespace {
constexpr double kWidestMask = 20;  // rows; the published code's freq_aug
}

Classifier::Classifier(std::shared_ptr<Network> network, const ClassifierOptions& options)
    : network_(std::move(network)), options_(options) {
  if (options.score_logit != 0 && options.score_logit != 1) {
    throw UsageError("score.logit: a classifier has the logits 0 and 1");
  }
  if (options.freq_aug && network_->sinc_conv() == nullptr) {
    throw UsageError("train.freq_aug: this network has no sinc filters to mask");
  }
  if (options.terms.empty()) {
    const std::string name = options.margin == 0 ? "cross_entropy" : "angular";
    terms_.add(name, Ramp(1),
               make_classification_term(name, Ramp(static_cast<double>(options.margin)), 1,
                                        options.class_weights));
  } else {
    terms_ = LossTerms::of(options.terms, options.class_weights);
  }
  if (terms_.want_cosines() && !network_->gives_cosines()) {
    throw UsageError("loss: an angular margin wants cosines, which this network does not give");
  }
}

NetworkOutput Classifier::run(const NetworkInput& input) {
  if (options_.freq_aug) {
    const bool learns = network_->is_training() && torch::GradMode::is_enabled();
    const auto [first, count] = learns ? masked_ : std::pair<int64_t, int64_t>(0, 0);
    network_->sinc_conv()->mask(first, count);
  }
  if (input.length.defined() && !network_->takes_lengths()) {
    throw Error("this network takes no utterances of different lengths in one batch");
  }
  NetworkOutput output = network_->forward(input);
  if (output.logits.dim() != 2 || output.logits.size(1) != 2) {
    throw Error(fmt::format("a detector has two logits; this network answers with shape {}",
                            c10::str(output.logits.sizes())));
  }
  return output;
}

LossSum Classifier::learn(const Batch& batch) {
  if (batch.label.min().item<int64_t>() < 0) {
    throw Error(
        "a recording without a label, and this system learns from both classes "
        "(task.learn: classes)");
  }
  const NetworkOutput output = run(batch.input);
  const NetworkInput& again = output.reconstruction;
  return terms_.of({output.logits, batch.label, batch.input.wave, again.wave, batch.input.features,
                    again.features});
}

std::vector<std::string> Classifier::part_names() const {
  if (options_.rule == ScoreRule::kLogit) return {};
  return {"margin"};
}

Answer Classifier::answer(const Batch& batch) {
  const NetworkOutput output = run(batch.input);
  const auto bona_fide = output.logits.select(1, options_.score_logit);
  if (options_.rule == ScoreRule::kLogit) return {bona_fide, output.embedding};
  const auto margin =
      bona_fide.to(torch::kFloat64) - output.logits.select(1, 1 - options_.score_logit);
  const auto score = options_.rule == ScoreRule::kProbability      ? torch::sigmoid(margin)
                     : options_.rule == ScoreRule::kLogProbability ? torch::log_sigmoid(margin)
                                                                   : margin;
  return {score, output.embedding, margin.unsqueeze(1)};
}

// The weighted cross entropy is a mean with the classes' weights.
double Classifier::loss_weight(const Batch& batch) const {
  const auto bona_fide = batch.label.sum().item<int64_t>();
  return options_.class_weights[0] * static_cast<double>(batch.label.size(0) - bona_fide) +
         options_.class_weights[1] * static_cast<double>(bona_fide);
}

void Classifier::prepare(const TrainingClock& clock, Random& random) {
  terms_.at(clock);
  if (!options_.freq_aug) return;
  const int64_t filters = network_->sinc_conv()->filters();
  const auto count = std::min(static_cast<int64_t>(random.uniform(0, kWidestMask)), filters);
  masked_ = {static_cast<int64_t>(random.below(static_cast<uint64_t>(filters - count + 1))), count};
}

}  // namespace bonafide
