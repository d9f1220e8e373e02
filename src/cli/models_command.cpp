#include "base/error.h"
#include "cli/commands.h"

namespace bonafide {

std::function<int()> declare_models(CLI::App&) {
  return []() -> int { throw Error("models: not built yet"); };
}

}  // namespace bonafide
