#include "base/error.h"
#include "cli/commands.h"
namespace bonafide {
std::function<int()> declare_doctor_torch(CLI::App&) { return []() -> int { throw Error("x"); }; }
}
