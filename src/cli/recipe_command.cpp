#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/recipe_argument.h"
#include "recipe/recipe.h"

namespace bonafide {

std::function<int()> declare_recipe(CLI::App& app) {
  struct Options {
    std::string recipe;
    std::vector<std::string> overrides;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* show = app.add_subcommand("show", "print the full configuration after overrides");
  show->add_option("recipe", options->recipe,
                   "a file (YAML, or a reference's configuration), or a built-in recipe")
      ->required();
  show->add_option("overrides", options->overrides, "key=value, with dotted keys");
  CLI::App* list = app.add_subcommand("list", "names of the built-in recipes");
  app.require_subcommand(1);
  app.footer("Examples:\n  bonafide recipe list\n  bonafide recipe show aasist optimizer.lr=5e-4");
  return [options, list] {
    if (*list) {
      for (const std::string& name : builtin_recipes()) fmt::print("{}\n", name);
      return 0;
    }
    fmt::print("{}", open_recipe(options->recipe, options->overrides).yaml());
    return 0;
  };
}

}  // namespace bonafide
