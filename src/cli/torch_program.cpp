#include "cli/torch_program.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr size_t kMaxMessage = 4000;             // bytes
constexpr size_t kMaxAnswer = size_t{64} << 20;  // bytes
constexpr std::string_view kMessageStart = "bonafide: ";

// A file without a name, for what goes to a child and comes from it: pipes could block both.
class Scratch {
 public:
  Scratch() : file_(std::tmpfile()) {
    if (file_ == nullptr) throw Error(describe_errno("a temporary file", errno));
  }
  ~Scratch() { std::fclose(file_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  int descriptor() const { return ::fileno(file_); }

  void write(const std::string& text) const {
    const bool written = std::fwrite(text.data(), 1, text.size(), file_) == text.size();
    if (!written || std::fflush(file_) != 0) throw Error(describe_errno("a temporary file", errno));
    std::rewind(file_);
  }

  std::string text(size_t most) const {
    std::rewind(file_);
    std::string text;
    std::array<char, 65536> piece{};
    while (const size_t size = std::fread(piece.data(), 1, piece.size(), file_)) {
      text.append(piece.data(), size);
      if (text.size() > most) return text.substr(0, most);
    }
    return text;
  }

 private:
  std::FILE* file_;
};

// Throws what the program said: "bonafide: why\n".
[[noreturn]] void refuse(const std::string& said, int status) {
  std::string_view why = trim(said);
  if (why.starts_with(kMessageStart)) why.remove_prefix(kMessageStart.size());
  if (why.empty()) why = "bonafide-torch: ended without a word";
  if (status == 2) throw UsageError(std::string(why));
  throw Error(std::string(why));
}

}  // namespace

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

std::string ask_torch(const std::string& command, const std::string& question) {
  const Scratch input, output, errors;
  input.write(question);
  std::string program = torch_program().native(), word = command;
  char* const argv[] = {program.data(), word.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.descriptor(), STDERR_FILENO);
  pid_t child = 0;
  const int code = ::posix_spawn(&child, program.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) throw Error(describe_errno(program, code));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status)) throw Error("bonafide-torch: ended by a signal");
  if (WEXITSTATUS(status) != 0) refuse(errors.text(kMaxMessage), WEXITSTATUS(status));
  return output.text(kMaxAnswer);
}

}  // namespace bonafide
