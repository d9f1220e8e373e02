#include "systems/torch_backend.h"

#include <fmt/format.h>

#include <new>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "recipe/recipe.h"
#include "systems/system_backend.h"
#include "tensor/device.h"
#include "tensor/memory.h"
#include "tensor/state.h"

namespace bonafide {

namespace {

// Owns the system that it scores with.
class TorchBackend : public Backend {
 public:
  TorchBackend(std::unique_ptr<System> system, std::unique_ptr<Frontend> frontend,
               torch::Device device, torch::Dtype dtype, Precision precision)
      : system_(std::move(system)),
        frontend_(std::move(frontend)),
        backend_(*system_, *frontend_, device, dtype, precision) {
    system_->module().to(device, dtype);
  }

  std::vector<Opinion> run(std::span<const Question> questions) override {
    return backend_.run(questions);
  }
  bool judges_alone() const override { return backend_.judges_alone(); }
  bool compares() const override { return backend_.compares(); }
  bool needs_reference() const override { return backend_.needs_reference(); }
  std::vector<std::string> part_names() const override { return backend_.part_names(); }
  double joined_score(double mean, std::span<const float> parts) const override {
    return backend_.joined_score(mean, parts);
  }
  bool wants_equal_lengths() const override { return backend_.wants_equal_lengths(); }
  size_t best_batch() const override { return backend_.best_batch(); }

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
  if (!description.loss.is_null()) values["loss"] = description.loss;
  return Recipe::from_json(values, description.name).json();
}

constexpr size_t kAnyNetwork = size_t{256} << 20;  // bytes that making one may take besides

// What a file says of its network is not believed before the tensors bear it out.
std::unique_ptr<System> make_fitting_system(const std::string& name, size_t bytes,
                                            const Json& recipe, const SystemTable& systems) {
  const TensorBudget budget(kAnyNetwork + 4 * bytes);
  try {
    return make_system(recipe, systems);
  } catch (const std::bad_alloc&) {
    throw Error(fmt::format("{}: describes a network far larger than its {} bytes of tensors",
                            printable(name), bytes));
  }
}

size_t bytes_of(const TensorFile& file) {
  size_t bytes = 0;
  for (const auto& [name, tensor] : file.tensors) bytes += tensor.bytes.size();
  return bytes;
}

std::unique_ptr<System> filled_system(const ModelFile& model, const SystemTable& systems) {
  const Json recipe = recipe_of(model.description);
  const bool is_program = model.description.system == kProgramSystem;  // of any size
  const std::string& name = model.description.name;
  auto system = is_program ? make_system(recipe, systems)
                           : make_fitting_system(name, bytes_of(model.file), recipe, systems);
  load_state(system->module(), model.file, name);
  return system;
}

std::unique_ptr<Backend> load_there(const ModelFile& model, const BackendOptions& options,
                                    torch::Device device) {
  return std::make_unique<TorchBackend>(
      filled_system(model, options.systems),
      make_frontend(recipe_of(model.description)["input"], {options.features}), device,
      options.float64 ? torch::kFloat64 : torch::kFloat32,
      parse_precision(options.precision, device));
}

// `load`, whose errors then name the model's file.
template <typename Load>
auto naming_file(const ModelFile& model, const Load& load) {
  try {
    return load();
  } catch (const Error& e) {
    const bool recipe_is_wrong =
        dynamic_cast<const UsageError*>(&e) != nullptr && !model.self_described;
    const std::string name = printable(model.path) + ": ";
    if (recipe_is_wrong || model.path.empty() || std::string_view(e.what()).starts_with(name))
      throw;
    throw Error(name + e.what());
  }
}

}  // namespace

std::vector<WantedTensor> wanted_by(const ModelDescription& description, size_t bytes,
                                    const SystemTable& systems) {
  const Json recipe = recipe_of(description);
  make_frontend(recipe["input"]);  // which may object to its options
  return wanted_by(make_fitting_system(description.name, bytes, recipe, systems)->module());
}

std::unique_ptr<System> load_system(const ModelFile& model, const BackendOptions& options) {
  set_threads(options.threads);
  return naming_file(model, [&] { return filled_system(model, options.systems); });
}

std::unique_ptr<Backend> load_backend(const ModelFile& model, const BackendOptions& options) {
  const torch::Device device = find_device(options.device);
  set_threads(options.threads);
  return naming_file(model, [&] { return load_there(model, options, device); });
}

}  // namespace bonafide
