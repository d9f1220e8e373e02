#pragma once

#include <memory>

#include "systems/classifier.h"

namespace bonafide {

struct ReconstructionOptions {
  ClassifierOptions classifier;
  double wave_weight = 0.1;
  double feature_weight = 0.1;
};

// A classifier that also learns to make its input again from what it hears in it: S2pecNet. The
// terms of its loss are means of different kinds, so that joining losses of several batches by the
// classifier's weights is exact for the cross entropy alone. Its loss throws Error for a network
// that makes nothing again.
class Reconstruction : public Classifier {
 public:
  Reconstruction(std::shared_ptr<Network> network, const ReconstructionOptions& options);
};

}  // namespace bonafide
