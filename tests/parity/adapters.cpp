#include "adapters.h"

#include "parity/augment_arrays.h"

namespace bonafide {

Adapter find_adapter(const std::string& component) {
  static const std::map<std::string, Adapter> table = {
      {"frontend/sinc-filters", run_sinc_filters},
      {"model/aasist", run_network},
      {"system/aasist", run_waveform_system},
      {"train/aasist", run_classifier_training},
      {"train/aasist-swa", run_weight_average},
      {"metric/aasist-report", run_asvspoof2019_report},
  };
  const auto it = table.find(component);
  if (it != table.end()) return it->second;
  return find_augment_adapter(component) == nullptr ? nullptr : run_augmentation;
}

}  // namespace bonafide
