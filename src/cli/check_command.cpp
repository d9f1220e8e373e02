#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "systems/torch_backend.h"

namespace bonafide {

std::function<int()> declare_check(CLI::App& app) {
  const auto model = std::make_shared<std::string>();
  app.add_option("model", *model, "a model file, or the name of a built-in model")->required();
  return [model] {
    ModelFile file = read_model(*model);
    file.self_described = false;  // what `convert` asks of stands in its user's recipe
    load_backend(file, {});
    fmt::print("{}: {} tensors fit the network\n", *model, file.file.tensors.size());
    return 0;
  };
}

}  // namespace bonafide
