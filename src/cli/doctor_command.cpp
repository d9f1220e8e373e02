#include "base/error.h"
#include "cli/commands.h"

namespace bonafide {

std::function<int()> declare_doctor(CLI::App&) {
  return []() -> int { throw Error("doctor: not built yet"); };
}

}  // namespace bonafide
