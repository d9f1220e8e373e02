#include "adapters.h"

#include "parity/augment_arrays.h"

namespace bonafide {

namespace {

Adapters all_adapters() {
  Adapters all;
  for (const auto family :
       {augment_adapters, classifier_adapters, detector_adapters, lightcnn_adapters,
        metric_adapters, rat_adapters, s2pecnet_adapters, sampler_adapters, schedule_adapters}) {
    all.merge(family());
  }
  return all;
}

}  // namespace

Adapter find_adapter(const std::string& component) {
  static const Adapters adapters = all_adapters();
  const auto found = adapters.find(component);
  return found == adapters.end() ? nullptr : found->second;
}

bool has_float64_mode(const std::string& component) {
  return find_augment_adapter(component) == nullptr && component != "detector/input-window";
}

}  // namespace bonafide
