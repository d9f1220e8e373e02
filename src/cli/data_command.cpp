#include "base/error.h"
#include "cli/commands.h"

namespace bonafide {

std::function<int()> declare_data(CLI::App&) {
  return []() -> int { throw Error("data: not built yet"); };
}

}  // namespace bonafide
