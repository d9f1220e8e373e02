#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

#include "case.h"

namespace bonafide {

// What a component answered, under the names that cases use for it.
using Results = std::map<std::string, torch::Tensor>;

// Runs a case's component in float32 or float64.
using Adapter = Results (*)(const Case& golden, torch::Dtype dtype);

// The components of a family, and who runs them.
using Adapters = std::map<std::string, Adapter>;

// The adapter of a component, "model/aasist"; null when there is none yet.
Adapter find_adapter(const std::string& component);

// Whether the component can compute in float64. Waveforms are float32, so what changes them cannot.
bool has_float64_mode(const std::string& component);

// Each family's file, FAMILY_adapters.cpp, ends with its table.
Adapters augment_adapters();
Adapters classifier_adapters();
Adapters detector_adapters();
Adapters lightcnn_adapters();
Adapters metric_adapters();
Adapters rat_adapters();
Adapters s2pecnet_adapters();
Adapters sampler_adapters();
Adapters schedule_adapters();

}  // namespace bonafide
