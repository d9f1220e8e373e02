#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace bonafide {

// Where bonafide-torch belongs: beside this program.
std::filesystem::path torch_program();

// Runs bonafide-torch with a command that reads `question` from standard input; what it writes to
// standard output. Throws what it says that is wrong, as Error or UsageError.
std::string ask_torch(const std::string& command, const std::string& question);

// Becomes bonafide-torch, which goes on with these arguments in the same process. Throws Error,
// saying that `command` needs it, when it cannot be started.
[[noreturn]] void hand_over(std::string_view command, char* const* argv);

}  // namespace bonafide
