#pragma once

#include <cstdint>
#include <memory>

#include "base/json.h"
#include "models/pair_classifiers.h"

namespace bonafide {

// Reference-Augmented Training (Security-FIT/RAT, Interspeech 2026): every layer of the recording
// attends to the same layer of the reference, with the same weights, before the mean of layers and
// frames is classified. Options and their errors are said at make_pair_classifier().
std::shared_ptr<PairClassifier> make_rat(const Json& model, int64_t dim);

}  // namespace bonafide
