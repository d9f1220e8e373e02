#include "systems/classifier.h"

#include "base/error.h"
#include "base/random.h"

namespace bonafide {

namespace {
constexpr double kWidestMask = 20;  // rows; the reference's freq_aug
}

Classifier::Classifier(std::shared_ptr<Network> network, const ClassifierOptions& options)
    : network_(std::move(network)), options_(options) {
  if (options.score_logit != 0 && options.score_logit != 1) {
    throw UsageError("score.logit: a classifier has the logits 0 and 1");
  }
  if (options.freq_aug && network_->sinc_conv() == nullptr) {
    throw UsageError("train.freq_aug: this network has no sinc filters to mask");
  }
  if (!options.terms.empty()) {
    terms_ = LossTerms::of(options.terms, options.class_weights);
    return;
  }
  const std::string name = options.margin == 0 ? "cross_entropy" : "angular";
  terms_.add(name, Ramp(1),
             make_classification_term(name, Ramp(static_cast<double>(options.margin)), 1,
                                      options.class_weights));
}

Outcome Classifier::run(const Batch& batch) { return network_->forward(batch.input); }

LossSum Classifier::loss(const Outcome& outcome, const Batch& batch) const {
  return terms_.of(loss_input(outcome, batch));
}

LossInput Classifier::loss_input(const Outcome& outcome, const Batch& batch) {
  const auto& again = outcome.reconstruction;
  return {outcome.logits, batch.label,          batch.input.wave,
          again.wave,     batch.input.features, again.features};
}

// The weighted cross entropy is a mean with the classes' weights.
double Classifier::loss_weight(const torch::Tensor& label) const {
  const auto bona_fide = label.sum().item<int64_t>();
  return options_.class_weights[0] * static_cast<double>(label.size(0) - bona_fide) +
         options_.class_weights[1] * static_cast<double>(bona_fide);
}

torch::Tensor Classifier::scores(const Outcome& outcome) const {
  return outcome.logits.select(1, options_.score_logit);
}

void Classifier::before_batch(Random& random) {
  if (!options_.freq_aug) return;
  SincConv& bank = *network_->sinc_conv();
  const auto count = std::min(static_cast<int64_t>(random.uniform(0, kWidestMask)), bank.filters());
  bank.mask(static_cast<int64_t>(random.below(static_cast<uint64_t>(bank.filters() - count + 1))),
            count);
}

}  // namespace bonafide
