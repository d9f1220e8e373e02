#include "adapters.h"

#include "parity/augment_arrays.h"

namespace bonafide {

Adapter find_adapter(const std::string& component) {
  static const std::map<std::string, Adapter> table = {
      {"frontend/sinc-filters", run_sinc_filters},
      {"model/aasist", run_network},
      {"model/rawgat-st", run_network},
      {"model/rawnet2", run_network},
      {"system/aasist", run_waveform_system},
      {"system/rawgat-st", run_waveform_system},
      {"system/rawnet2", run_waveform_system},
      {"train/aasist", run_classifier_training},
      {"train/rawgat-st", run_classifier_training},
      {"train/rawnet2", run_classifier_training},
      {"train/aasist-swa", run_weight_average},
      {"frontend/lcnn-log-power", run_log_power},
      {"augment/lcnn-specaugment", run_spec_augment},
      {"classifier/angle-linear", run_angle_linear},
      {"model/lcnn", run_lightcnn},
      {"system/lcnn", run_lightcnn_system},
      {"train/lcnn", run_lightcnn_training},
      {"frontend/lfcc", run_lfcc},
      {"model/s2pecnet", run_s2pecnet},
      {"system/s2pecnet", run_s2pecnet_system},
      {"train/s2pecnet", run_s2pecnet_training},
      {"train/sasv-speaker-sampler", run_speaker_sampler},
      {"train/sasv-speaker-spoof-sampler", run_speaker_sampler},
      {"schedule/cosine-annealing-warmup-restarts", run_restarting_schedule},
      {"metric/aasist-report", run_asvspoof2019_report},
  };
  const auto it = table.find(component);
  if (it != table.end()) return it->second;
  return find_augment_adapter(component) == nullptr ? nullptr : run_augmentation;
}

bool has_float64_mode(const std::string& component) {
  return find_augment_adapter(component) == nullptr;
}

}  // namespace bonafide
