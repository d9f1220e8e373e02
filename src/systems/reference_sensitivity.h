#pragma once

#include <torch/types.h>

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "models/pair_classifiers.h"

namespace bonafide {

// How much a classifier of pairs attends to the reference, after the published code of RAT
// (Security-FIT/RAT, trainer `ref_sensitivity`). Every list has a number for each pair.
struct ReferenceSensitivity {
  // Root mean squares of the loss's gradient with respect to the hidden states.
  std::vector<double> gradient_reference, gradient_test;
  // Root mean square of what attention adds, over that of the MLP beside it; of rat alone.
  std::vector<double> branch_ratio;
  std::vector<double> margin;  // logit 0 less logit 1, absolute

  // What changes when something else takes the reference's place.
  struct Change {
    // ||a - a'|| / max(||a||, 1e-12) of what PairClassifier::watch() shows.
    std::map<std::string, std::vector<double>> delta;
    std::vector<double> margin;  // |m - m'|
  };
  Change noise;  // of the same mean square
  Change silence;

  // Those of further pairs.
  void add(const ReferenceSensitivity& other);

  // Means and (population) standard deviations, and the ratios of means: grad_rms_ref,
  // grad_rms_test, grad_ratio, delta_{noise,zero}.KEY, margin_{noise,zero}{,_norm}, attn_mlp_ratio.
  // What a classifier does not show is missing.
  Json to_json() const;
};

// Hidden states of a batch of pairs [L, B, T, D], and of what takes the reference's place.
struct SensitivityStates {
  torch::Tensor test, reference, noise, silence;
};

// `classes`: [B], int64, 0 bona fide and 1 spoofed. The loss is the mean cross entropy of the
// batch. Puts the classifier into evaluation mode. Throws Error for one that does not look at
// references.
ReferenceSensitivity measure_sensitivity(PairClassifier& classifier,
                                         const SensitivityStates& states,
                                         const torch::Tensor& classes);

}  // namespace bonafide
