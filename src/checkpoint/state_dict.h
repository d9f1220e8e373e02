#pragma once

#include <array>
#include <string>

#include "checkpoint/pytorch_container.h"
#include "checkpoint/stored_weights.h"

namespace bonafide {

// Every tensor in what torch.save wrote, wherever it lies: in dictionaries of dictionaries and in
// lists (whose indices stand for keys), and in pickled modules, whose parameters and buffers (also
// those that are not persistent) have the names that state_dict() gives them. A name that is too
// long or that two tensors have is a trouble of those tensors alone. What is nested too deeply
// outside modules is left unread, and said.
//
// Views are made contiguous. A tensor may not have more elements than its storage, and all tensors
// together at most kMaxExpansion times the bytes of the file: tied weights fit, but a small file
// cannot grow without bound. `name` goes into messages; contiguous tensors point into the
// storages. Throws Error when there is no tensor, saying what there is.
StoredWeights read_state_dicts(const PyTorchContainer& container, const std::string& name);

// The keys of a file under which speech toolkits say how the network is made (StoredWeights::said).
inline constexpr std::array<const char*, 4> kConfigurations = {"cfg", "args", "model_cfg",
                                                               "task_cfg"};

inline constexpr int kMaxExpansion = 16;

}  // namespace bonafide
