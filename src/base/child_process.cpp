#include "base/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>

#include "base/environment.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

std::string search_path() { return environment_variable("PATH").value_or("/usr/bin:/bin"); }

// What posix_spawn is told of descriptors and the process group.
class SpawnSetup {
 public:
  explicit SpawnSetup(const std::filesystem::path& output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    const char* sink = output.empty() ? "/dev/null" : output.c_str();
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, sink, O_WRONLY | O_CREAT | O_TRUNC,
                                     0644);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // A group of its own: an interrupt from the terminal lets it finish its sentence, and a timeout
    // ends all that it started.
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes_, 0);
  }
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// What waitpid says of the child at its end; ends it after the time given.
int wait_for(pid_t process, const ChildProcess& child) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(child.timeout_seconds);
  auto pause = std::chrono::microseconds(200);
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(process, &status, WNOHANG);
    if (ended == process) return status;
    if (ended < 0 && errno != EINTR) throw Error("waitpid: the child is lost");
    if (Clock::now() > deadline) {
      ::kill(-process, SIGKILL);
      ::waitpid(process, &status, 0);
      throw Error(fmt::format("{}: still running after {} s", printable(child.arguments[0]),
                              child.timeout_seconds));
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::microseconds(10000));
  }
}

}  // namespace

void run(const ChildProcess& child) {
  std::vector<char*> arguments;
  for (const std::string& argument : child.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  // The user's own start-up files (~/.festivalrc, ~/.soxrc) must not change what is made.
  std::string path_entry = "PATH=" + search_path();
  std::string home = "HOME=/nonexistent", locale = "LC_ALL=C.UTF-8";
  char* environment[] = {path_entry.data(), home.data(), locale.data(), nullptr};

  const SpawnSetup setup(child.output);
  pid_t process = 0;
  const int code = posix_spawnp(&process, arguments[0], setup.actions(), setup.attributes(),
                                arguments.data(), environment);
  if (code != 0) throw Error(fmt::format("{}: {}", printable(arguments[0]), std::strerror(code)));
  const int status = wait_for(process, child);
  if (WIFSIGNALED(status)) {
    throw Error(fmt::format("{}: ended by signal {}", printable(arguments[0]), WTERMSIG(status)));
  }
  if (WEXITSTATUS(status) != 0) {
    throw Error(fmt::format("{}: exit status {}", printable(arguments[0]), WEXITSTATUS(status)));
  }
}

bool program_exists(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0;
  const std::string path = search_path();
  for (const std::string_view folder : split(path, ':')) {
    if (::access((std::filesystem::path(folder) / name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace bonafide
