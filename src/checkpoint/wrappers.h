#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/stored_weights.h"

namespace bonafide {

// What PyTorch puts before the names of a module that it wraps: DataParallel and
// DistributedDataParallel (and the average of torch.optim.swa_utils), torch.compile, FSDP.
inline constexpr std::array<std::string_view, 4> kWrappers = {
    "module.", "_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."};

// The names without the wrappers around inner modules: "encoder.fc.weight" for
// "encoder._orig_mod.fc.weight". A wrapper is around a whole module, so it is taken out only where
// everything in the module has it; so no two names become one. What stands before all names of a
// set stays.
std::vector<std::string> unwrapped_names(const StoredWeights& stored);

}  // namespace bonafide
