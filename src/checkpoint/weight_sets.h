#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/stored_weights.h"

namespace bonafide {

// How people call weights by what stands before their names: "ema" for "ema.", "." for the top.
std::string called(std::string_view prefix);

// Whether `set` is how somebody may call the weights under a prefix: by all or some of what stands
// before their names ("checkpoint.ema", "ema", "ema_model"); "." is the top.
bool is_called(std::string_view prefix, std::string_view set);

// Sorts sets: 0 for the usual place of a network's weights, higher for others, highest for averages
// and for what optimizers keep.
size_t unusualness(std::string_view prefix);

// What an optimizer keeps, and is named and shaped as the weights.
bool is_optimizers(std::string_view prefix);

// An average of weights, or an optimizer's: never taken unasked where there are others.
bool is_derived(std::string_view prefix);

// The keys under which training programs keep a network's weights, the most usual first.
std::span<const std::string_view> usual_places();

// What stands before the names in the dictionaries that hold tensors ("state_dict.", "" at the
// top), in the file's order; without numbered ones, as optimizers have.
std::vector<std::string> sets_of(const StoredWeights& stored);

// "2 tensors beside them (loss.weight, n_averaged), 458 tensors of optimizer": what was not taken.
// `dictionary` is where the others came from.
std::string describe_left_out(const std::vector<const StoredTensor*>& left,
                              std::string_view dictionary);

}  // namespace bonafide
