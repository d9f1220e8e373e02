#include "train/left_out.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "train/parameter_names.h"

namespace bonafide {

namespace {

// What train.freeze names for good.
std::vector<std::string> frozen_patterns(const Recipe& recipe) {
  if (!recipe.at("train.unfreeze_epoch").is_null()) return {};
  return read_patterns(recipe.at("train.freeze"), "train.freeze");
}

bool fits_any(const std::string& name, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return fits_pattern(name, pattern); });
}

}  // namespace

Json left_out(const Recipe& recipe, const torch::nn::Module& module,
              const std::vector<WeightOrigin>& origins) {
  if (recipe.flag("train.store_frozen")) return nullptr;
  const auto frozen = frozen_patterns(recipe);
  const auto parameters = module.named_parameters();  // buffers may change
  Json base = base_weights(origins, [&](const std::string& name) {
    return parameters.contains(name) && fits_any(name, frozen);
  });
  return base.empty() ? Json() : base;
}

void expect_still_frozen(const Recipe& recipe, const Json& base) {
  const auto frozen = frozen_patterns(recipe);
  for (const std::string& name : names_in_base(base)) {
    if (fits_any(name, frozen)) continue;
    throw UsageError(
        fmt::format("train.freeze: the run's state leaves out {}, which must stay "
                    "frozen; begin another run with `init` to let it learn",
                    printable(name)));
  }
}

}  // namespace bonafide
