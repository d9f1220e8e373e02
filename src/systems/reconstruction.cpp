#include "systems/reconstruction.h"

#include "base/error.h"

namespace bonafide {

Reconstruction::Reconstruction(std::shared_ptr<Network> network,
                               const ReconstructionOptions& options)
    : Classifier(std::move(network), options.classifier), options_(options) {}

ReconstructionLoss Reconstruction::parts(const Outcome& outcome, const Batch& batch) const {
  const auto& again = outcome.reconstruction;
  if (!again.wave.defined() || !again.features.defined()) {
    throw Error("system \"reconstruction\": this network does not make its input again");
  }
  return {Classifier::loss(outcome, batch), torch::mse_loss(again.wave, batch.input.wave),
          torch::mse_loss(again.features, batch.input.features.view_as(again.features))};
}

torch::Tensor Reconstruction::loss(const Outcome& outcome, const Batch& batch) const {
  const ReconstructionLoss loss = parts(outcome, batch);
  return loss.classification + options_.wave_weight * loss.wave +
         options_.feature_weight * loss.features;
}

}  // namespace bonafide
