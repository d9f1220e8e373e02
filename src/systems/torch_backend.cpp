#include "systems/torch_backend.h"

#include <fmt/format.h>

#include "base/recipe.h"
#include "systems/device.h"
#include "systems/state.h"
#include "systems/system.h"
#include "systems/system_backend.h"

namespace bonafide {

namespace {

// Owns the system that it scores with.
class TorchBackend : public Backend {
 public:
  TorchBackend(std::unique_ptr<System> system, torch::Device device, torch::Dtype dtype)
      : system_(std::move(system)), backend_(*system_, device, dtype) {
    system_->module().to(device, dtype);
  }

  std::vector<Opinion> run(std::span<const float> windows, size_t count) override {
    return backend_.run(windows, count);
  }

 private:
  std::unique_ptr<System> system_;
  SystemBackend backend_;
};

// The description as a recipe, so that a model file is built by the same code as a trained system.
Json recipe_of(const ModelDescription& description) {
  Json values = Json::object();
  values["system"] = description.system;
  values["model"] = description.model;
  values["input"] = description.input;
  values["score"] = description.score;
  return Recipe::from_json(values, description.name).json();
}

}  // namespace

std::unique_ptr<Backend> load_backend(const ModelFile& model, const BackendOptions& options) {
  const torch::Device device = find_device(options.device);
  set_threads(options.threads);
  auto system = make_system(recipe_of(model.description));
  load_state(system->module(), model.file, model.description.name);
  return std::make_unique<TorchBackend>(std::move(system), device,
                                        options.float64 ? torch::kFloat64 : torch::kFloat32);
}

}  // namespace bonafide
