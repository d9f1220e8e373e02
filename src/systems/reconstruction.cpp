#include "systems/reconstruction.h"

namespace bonafide {

Reconstruction::Reconstruction(std::shared_ptr<Network> network,
                               const ReconstructionOptions& options)
    : Classifier(std::move(network), options.classifier) {
  if (!options.classifier.terms.empty()) return;
  terms_.add("wave_reconstruction", Ramp(options.wave_weight), make_wave_reconstruction_term());
  terms_.add("feature_reconstruction", Ramp(options.feature_weight),
             make_feature_reconstruction_term());
}

}  // namespace bonafide
