#include "corpus/folders.h"

#include <fmt/format.h>

#include <algorithm>

#include "audio/decode.h"
#include "audio/recordings.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> folders_of(const fs::path& relative) {
  std::vector<std::string> folders;
  for (const fs::path& part : relative.parent_path()) folders.push_back(part.native());
  return folders;
}

constexpr std::string_view kUnknown = "recordings in folders that are none of the data set";

}  // namespace

std::vector<Trial> trials_in_folder(const CorpusRequest& request, std::string_view below,
                                    const FolderRule& rule) {
  const fs::path& root = request.root;
  const fs::path folder = below.empty() ? root : root / below;
  Leftovers unwanted;
  Leftovers& leftovers = request.leftovers ? *request.leftovers : unwanted;
  std::error_code unreadable;
  if (!fs::is_directory(folder, unreadable)) {
    throw UsageError(fmt::format("{}: no such folder", printable(folder.native())));
  }
  std::vector<Trial> trials;
  std::vector<UnreadFile> unread;
  for (const auto& [path, trouble] : list_recordings(folder, &unread)) {
    Trial trial;
    trial.id = path.lexically_relative(root).native();
    trial.path = path;
    // A recording that a link only promises is a trial whose file is missing.
    const bool is_folder = !trouble.empty() && !has_audio_extension(path);
    if (is_folder) {
      leftovers.add_trouble(fmt::format("{}: {}", printable(path.native()), trouble));
    } else if (!rule(trial, folders_of(path.lexically_relative(folder)))) {
      leftovers.add(kUnknown, path.native());
    } else if (request.part.empty() || trial.partition.empty() || trial.partition == request.part) {
      trials.push_back(std::move(trial));
    }
  }
  for (const UnreadFile& file : unread) leftovers.add(file.kind, file.path.native());
  if (trials.empty()) {
    throw UsageError(
        fmt::format("{}: no recordings where they are expected", printable(folder.native())));
  }
  return trials;
}

bool mentions(std::string_view name, std::initializer_list<std::string_view> words) {
  const std::string text = lower(name);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void mark_bona_fide(Trial& trial) { trial.truth = Truth::kBonaFide; }

void mark_spoof(Trial& trial, std::string_view attack) {
  trial.truth = Truth::kSpoof;
  trial.attack = attack;
}

}  // namespace bonafide
