#pragma once

#include <filesystem>
#include <string_view>

namespace bonafide {

// Where bonafide-torch belongs: beside this program.
std::filesystem::path torch_program();

// Becomes bonafide-torch, which goes on with these arguments in the same process. Throws Error,
// saying that `command` needs it, when it cannot be started.
[[noreturn]] void hand_over(std::string_view command, char* const* argv);

}  // namespace bonafide
