#pragma once

#include <span>
#include <string>

#include "checkpoint/stored_weights.h"
#include "checkpoint/tensor_file.h"
#include "checkpoint/weight_fit.h"

namespace bonafide {

// One of a file's sets of weights, under the names that its network gives them.
struct WeightChoice {
  TensorFile file;
  // What was chosen, taken off and left out, for people: `weights of "ema", "module." taken off
  // their names; left out: 458 tensors of optimizer`. "" where the file holds these tensors under
  // these names, and nothing else.
  std::string note;
};

// The weights that fit the network whole: every wanted tensor is there in its shape, under its own
// name or with one prefix before all of them ("state_dict.", "ema.module."), and no other tensor
// stands inside the network's modules. Wrappers around inner modules
// ("encoder._orig_mod.fc.weight") are seen through where names fit only so. Of several sets that
// fit, `set` names the one to take; "" takes the plain one before an average.
//
// `name` is the file's, for messages. Throws Error that says what is missing, left over or of
// another shape, or why a tensor cannot be read; UsageError for a set that is not there.
WeightChoice choose_weights(const StoredWeights& stored, std::span<const WantedTensor> wanted,
                            const std::string& set, const std::string& name);

// The same where no network says what it wants: `set`, or that of a usual name ("state_dict",
// "model", "net", ...), or the one at the top, or the only one. Only wrappers that nothing else is
// called ("module.", "_orig_mod.") are taken off, when all names have them. Throws likewise.
WeightChoice choose_weights(const StoredWeights& stored, const std::string& set,
                            const std::string& name);

}  // namespace bonafide
