#include "adapters.h"
#include "parity/augment_arrays.h"

namespace bonafide {

namespace {

// The arrays stay double all the way: the draws that come as float64 must not be rounded.
Results run_augmentation(const Case& golden, torch::Dtype) {
  const auto input = [&](const std::string& name) {
    const auto tensor = golden.input(name, torch::kFloat64);
    const auto doubles = tensor.to(torch::kFloat64).contiguous();
    const double* data = doubles.data_ptr<double>();
    return Array{{data, data + doubles.numel()}, tensor.sizes().vec(), !tensor.is_floating_point()};
  };
  const auto run = find_augment_adapter(golden.component());
  Results results;
  for (const auto& [name, array] : run(golden.config(), golden.input_names(), input)) {
    auto tensor = torch::tensor(array.values, torch::kFloat64).view(array.shape);
    results[name] = array.integers ? tensor.to(torch::kInt64) : tensor;
  }
  return results;
}

}  // namespace

Adapters augment_adapters() {
  Adapters adapters;
  for (const auto& [component, run] : array_adapters()) {
    adapters.emplace(component, run_augmentation);
  }
  return adapters;
}

}  // namespace bonafide
