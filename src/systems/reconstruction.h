#pragma once

#include <memory>

#include "systems/classifier.h"

namespace bonafide {

struct ReconstructionOptions {
  ClassifierOptions classifier;
  double wave_weight = 0.1;
  double feature_weight = 0.1;
};

// The parts of the loss; they are added with their weights.
struct ReconstructionLoss {
  torch::Tensor classification;
  torch::Tensor wave, features;  // mean squared errors
};

// A classifier that also learns to make its input again from what it hears in it: S2pecNet.
class Reconstruction : public Classifier {
 public:
  Reconstruction(std::shared_ptr<Network> network, const ReconstructionOptions& options);

  // The loss is the sum of its parts with their weights. They are means of different kinds, so that
  // joining losses of several batches by the classifier's weights is exact for the cross entropy
  // alone. Throws Error for a network that makes nothing again.
  ReconstructionLoss parts(const Outcome& outcome, const Batch& batch) const;
};

}  // namespace bonafide
