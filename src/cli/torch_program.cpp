#include "cli/torch_program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

std::filesystem::path torch_program() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "bonafide-torch";
}

void hand_over(std::string_view command, char* const* argv) {
  const auto program = torch_program();
  std::fflush(stdout);
  ::execv(program.c_str(), argv);
  const int code = errno;
  throw Error(
      fmt::format("{}: needs {}, which cannot be started ({}); build with BONAFIDE_TORCH=ON",
                  command, printable(program.native()), std::strerror(code)));
}

}  // namespace bonafide
