#include "cli/model_import.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/published.h"
#include "cli/temporary_file.h"
#include "cli/torch_program.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxMessage = 4000;  // bytes
constexpr std::string_view kMessageStart = "bonafide: ";

// The first bytes of what comes through the pipe, read to its end.
std::string drain(int pipe) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(pipe, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text.substr(0, kMaxMessage);
    if (text.size() < kMaxMessage) text.append(buffer.data(), static_cast<size_t>(count));
  }
}

struct Complaint {
  std::string message;  // "": none
  int status = 0;       // the program's
};

// Runs the program; what it wrote to stderr when it failed.
Complaint complaint_of(const fs::path& program, std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw Error(describe_errno("pipe", errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int code = ::posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  const std::string message = drain(pipe[0]);
  ::close(pipe[0]);
  if (code != 0) throw Error(describe_errno(program, code));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status)) return {"bonafide-torch: ended by a signal", 1};
  if (WEXITSTATUS(status) == 0) return {};
  return {message.empty() ? "bonafide-torch: ended without a word" : message, WEXITSTATUS(status)};
}

// "bonafide: .x.safetensors.7.unchecked: why\n" -> "x.pth: why".
std::string as_error(std::string_view message, const fs::path& checked, const fs::path& named) {
  message = trim(message);
  if (message.starts_with(kMessageStart)) message.remove_prefix(kMessageStart.size());
  std::string text(message);
  if (const auto at = text.find(checked.native()); at != std::string::npos) {
    text.replace(at, checked.native().size(), named.native());
  }
  return text;
}

// Where a model is tried before it becomes `out`: beside it, where there is room for it.
fs::path trial_path(const fs::path& out) {
  std::error_code unknown;
  const bool is_file = !fs::exists(out, unknown) || fs::is_regular_file(out, unknown);
  const auto name = fmt::format(".{}.{}.unchecked", out.filename().native(), ::getpid());
  return (is_file ? out.parent_path() : fs::temp_directory_path()) / name;
}

// Asks bonafide-torch whether the tensors fit their network. Throws Error, and UsageError where the
// recipe is at fault.
void check_fit(const fs::path& torch, const ModelFile& model, const fs::path& in,
               const fs::path& out) {
  const TemporaryFile trial(trial_path(out));
  try {
    write_model(trial.path(), model.description, model.file);
  } catch (const Error& e) {
    throw Error(as_error(e.what(), trial.path(), out));
  }
  const Complaint complaint = complaint_of(torch, {torch.native(), "check", trial.path().native()});
  if (complaint.message.empty()) return;
  const std::string why = as_error(complaint.message, trial.path(), in);
  if (complaint.status == 2) throw UsageError(why);
  throw Error(why);
}

// Whether a score of one means the same in the other, so that a calibration holds for both.
bool score_alike(const ModelDescription& a, const ModelDescription& b) {
  return a.system == b.system && a.model == b.model && a.input == b.input && a.score == b.score;
}

// What is known of a file of weights: the published facts, or else which file it was.
Json card_of(const fs::path& in) {
  const std::string digest = sha256_of_file(in);
  if (const PublishedWeights* published = find_published_by_sha256(digest)) {
    return published->card();
  }
  return {{"source", {{"file", printable(in.filename().native())}, {"sha256", digest}}}};
}

}  // namespace

ImportedModel import_model(const fs::path& in, const fs::path& out, const Recipe& recipe,
                           const std::string& name) {
  ImportedModel imported;
  imported.model.file = read_checkpoint(in);
  ModelDescription& description = imported.model.description;
  description = ModelDescription::from_recipe(recipe);
  if (!name.empty()) description.name = name;
  const auto before = read_description(imported.model.file, in.native());
  description.card = before && !before->card.is_null() ? before->card : card_of(in);

  if (before && score_alike(*before, description)) description.calibration = before->calibration;

  const fs::path torch = torch_program();
  imported.checked = fs::exists(torch);
  if (imported.checked) check_fit(torch, imported.model, in, out);
  write_model(out, description, imported.model.file);
  return imported;
}

}  // namespace bonafide
