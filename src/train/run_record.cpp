#include "train/run_record.h"

#include <ATen/Parallel.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <span>
#include <utility>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "base/version.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

// The commit that is checked out in the folder's repository, read without running git, which would
// run what the repository's configuration says. Empty when there is none.
std::string git_commit(fs::path folder) {
  std::error_code ignored;
  while (!fs::exists(folder / ".git", ignored)) {
    if (!folder.has_relative_path()) return "";
    folder = folder.parent_path();
  }
  constexpr size_t kMost = 1 << 20;
  try {
    fs::path git = folder / ".git";
    if (fs::is_regular_file(git, ignored)) {  // of a worktree or a submodule: "gitdir: PATH"
      const std::string text(trim(read_text(git, kMost)));
      git = folder / text.substr(std::min(text.size(), std::string_view("gitdir: ").size()));
    }
    const std::string head(trim(read_text(git / "HEAD", kMost)));
    if (!head.starts_with("ref: ")) return head;
    const std::string reference = head.substr(5);
    fs::path common = git;  // a worktree's references lie in its repository's folder
    if (fs::exists(git / "commondir", ignored)) {
      common /= std::string(trim(read_text(git / "commondir", kMost)));
    }
    if (fs::exists(common / reference, ignored)) {
      return std::string(trim(read_text(common / reference, kMost)));
    }
    const std::string packed = read_text(common / "packed-refs", size_t{64} << 20);
    for (const auto line : split(packed, '\n')) {
      if (line.ends_with(" " + reference)) return std::string(line.substr(0, line.find(' ')));
    }
  } catch (const std::exception&) {
    // A broken repository is no reason not to train.
  }
  return "";
}

std::string processor() {
  try {
    const std::string text = read_text("/proc/cpuinfo", size_t{1} << 24);
    for (const auto line : split(text, '\n')) {
      if (line.starts_with("model name")) return std::string(trim(line.substr(line.find(':') + 1)));
    }
  } catch (const std::exception&) {
    // Not every machine tells.
  }
  return "";
}

Json environment() {
  Json variables = Json::object();
  for (const char* prefix : {"OMP_", "MKL_", "MALLOC_", "CUDA_", "NCCL_", "GLOO_", "ATEN_"}) {
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      const size_t equals = text.find('=');
      if (text.starts_with(prefix) && equals != std::string_view::npos) {
        variables[printable(text.substr(0, equals))] = printable(text.substr(equals + 1), 1000);
      }
    }
  }
  return variables;
}

std::string host_name() {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  return host;
}

}  // namespace

std::string fingerprint(const std::vector<Trial>& trials) {
  std::string text;
  for (const Trial& trial : trials) {
    std::error_code unreadable;
    const auto size = fs::file_size(trial.path, unreadable);
    text += fmt::format("{}\t{}\t{}\t{}\t{}{}\n", trial.id, name_of(label_of(trial.truth)),
                        trial.speaker, trial.attack, unreadable ? 0 : size,
                        trial.excerpt ? '\t' + trial.excerpt->name() : "");
  }
  return sha256(std::as_bytes(std::span(text)));
}

Json run_record(const std::string& command, const Communicator& communicator,
                const std::vector<std::pair<std::string, const std::vector<Trial>*>>& parts) {
  Json data = Json::object();
  for (const auto& [name, trials] : parts) {
    data[name] = {{"recordings", trials->size()}, {"fingerprint", fingerprint(*trials)}};
  }
  const fs::path folder = fs::current_path();
  return {{"bonafide", kVersion},
          {"libtorch", TORCH_VERSION},
          {"command", printable(command, 100000)},
          {"started", fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)))},
          {"folder", printable(folder.string(), 4096)},
          {"git_commit", printable(git_commit(folder))},
          {"host", printable(host_name())},
          {"processor", printable(processor())},
          {"threads", at::get_num_threads()},
          {"processes", communicator.size()},
          {"environment", environment()},
          {"data", data}};
}

void write_run_record(const fs::path& path, Json sitting, bool resume) {
  Json record = sitting;
  if (resume && fs::exists(path)) {
    record = Json::parse(read_text(path, size_t{64} << 20), nullptr, /*allow_exceptions=*/false);
    if (!record.is_object() || !record.value("resumed", Json::array()).is_array()) {
      throw Error(fmt::format("{}: not a run's record", printable(path.native())));
    }
    record["resumed"].push_back(std::move(sitting));
  }
  write_atomically(path, record.dump(2) + "\n");
}

std::vector<std::string> changed_settings(const fs::path& directory, const Recipe& recipe) {
  const fs::path path = directory / "recipe.yaml";
  if (!fs::exists(path)) return {};
  std::vector<std::string> keys;
  for (const Json& change : Json::diff(Recipe::load(path.string(), {}).json(), recipe.json())) {
    std::string key = change.at("path").get<std::string>().substr(1);
    std::replace(key.begin(), key.end(), '/', '.');
    if (key == "optimizer.name" || key.starts_with("optimizer.groups")) {
      throw UsageError(fmt::format("{}: a run goes on with the optimizer that it began with", key));
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace bonafide
