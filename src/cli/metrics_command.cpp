#include "base/error.h"
#include "cli/commands.h"

namespace bonafide {

std::function<int()> declare_metrics(CLI::App&) {
  return []() -> int { throw Error("metrics: not built yet"); };
}

}  // namespace bonafide
