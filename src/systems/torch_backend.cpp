#include "systems/torch_backend.h"

#include <fmt/format.h>

#include "base/recipe.h"
#include "systems/system.h"
#include "systems/system_backend.h"
#include "tensor/device.h"
#include "tensor/state.h"

namespace bonafide {

namespace {

// Owns the system that it scores with.
class TorchBackend : public Backend {
 public:
  TorchBackend(std::unique_ptr<System> system, std::unique_ptr<Frontend> frontend,
               torch::Device device, torch::Dtype dtype)
      : system_(std::move(system)),
        frontend_(std::move(frontend)),
        backend_(*system_, *frontend_, device, dtype) {
    system_->module().to(device, dtype);
  }

  std::vector<Opinion> run(std::span<const std::vector<float>> windows) override {
    return backend_.run(windows);
  }

 private:
  std::unique_ptr<System> system_;
  std::unique_ptr<Frontend> frontend_;
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
  const Json recipe = recipe_of(model.description);
  auto system = make_system(recipe);
  load_state(system->module(), model.file, model.description.name);
  return std::make_unique<TorchBackend>(std::move(system), make_frontend(recipe), device,
                                        options.float64 ? torch::kFloat64 : torch::kFloat32);
}

}  // namespace bonafide
