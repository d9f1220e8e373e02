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

// The adapter of a component, "model/aasist"; null when there is none yet.
Adapter find_adapter(const std::string& component);

// Whether the component can compute in float64. Waveforms are float32, so augmentations cannot.
bool has_float64_mode(const std::string& component);

// One function for each line of the table in adapters.cpp.
Results run_sinc_filters(const Case& golden, torch::Dtype dtype);
Results run_network(const Case& golden, torch::Dtype dtype);
Results run_waveform_system(const Case& golden, torch::Dtype dtype);
Results run_classifier_training(const Case& golden, torch::Dtype dtype);
Results run_weight_average(const Case& golden, torch::Dtype dtype);
Results run_augmentation(const Case& golden, torch::Dtype dtype);
Results run_log_power(const Case& golden, torch::Dtype dtype);
Results run_spec_augment(const Case& golden, torch::Dtype dtype);
Results run_angle_linear(const Case& golden, torch::Dtype dtype);
Results run_lightcnn(const Case& golden, torch::Dtype dtype);
Results run_lightcnn_system(const Case& golden, torch::Dtype dtype);
Results run_lightcnn_training(const Case& golden, torch::Dtype dtype);
Results run_lfcc(const Case& golden, torch::Dtype dtype);
Results run_s2pecnet(const Case& golden, torch::Dtype dtype);
Results run_s2pecnet_system(const Case& golden, torch::Dtype dtype);
Results run_s2pecnet_training(const Case& golden, torch::Dtype dtype);
Results run_speaker_sampler(const Case& golden, torch::Dtype dtype);
Results run_restarting_schedule(const Case& golden, torch::Dtype dtype);
Results run_asvspoof2019_report(const Case& golden, torch::Dtype dtype);

}  // namespace bonafide
