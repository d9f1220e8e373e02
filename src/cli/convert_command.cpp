#include "base/error.h"
#include "cli/commands.h"

namespace bonafide {

std::function<int()> declare_convert(CLI::App&) {
  return []() -> int { throw Error("convert: not built yet"); };
}

}  // namespace bonafide
