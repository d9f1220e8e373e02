#include "scoring/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "audio/recordings.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list_text.h"
#include "base/pipe.h"
#include "base/stretch.h"
#include "base/text.h"
#include "corpus/corpus.h"
#include "corpus/kaldi.h"
#include "corpus/manifest.h"
#include "corpus/shard.h"
#include "corpus/trial_fields.h"
#include "scoring/named_pipes.h"
#include "scoring/standard_paths.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;
using Inputs = std::vector<Input>;

void add_lines(std::string bytes, std::string_view name, Inputs& files) {
  const PathList list = path_list(std::move(bytes), name);
  for (std::string_view line : split(list.text, list.separator)) {
    if (list.separator == '\n' && line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) files.push_back({fs::path(line)});
  }
}

void add_trials(const std::vector<Trial>& trials, Inputs& files) {
  for (const Trial& trial : trials) {
    files.push_back({location_of(trial)});
    if (!trial.reference.path.empty()) files.back().references = {trial.reference};
  }
}

void add_folder(const fs::path& folder, Inputs& files, Leftovers* leftovers) {
  if (has_kaldi_segments(folder)) return add_trials(read_kaldi(folder), files);
  const size_t before = files.size();
  std::vector<UnreadFile> unread;
  for (auto& [path, trouble] : list_recordings(folder, &unread)) {
    files.push_back({std::move(path), std::move(trouble)});
  }
  for (const UnreadFile& file : leftovers ? unread : std::vector<UnreadFile>()) {
    leftovers->add(file.kind, file.path.native());
  }
  // An empty one is an input too: decoding it will say that it is no recording.
  if (files.size() == before) files.push_back({folder});
}

// Where the header has the field, under its own name or else by another word; its size when
// nowhere.
size_t find_column(const std::vector<std::string>& header, std::string_view field) {
  const auto named = std::find_if(header.begin(), header.end(), [&](const std::string& column) {
    return column_word(column) == field;
  });
  if (named != header.end()) return static_cast<size_t>(named - header.begin());
  const auto fields = find_trial_fields(header);
  const auto meant = std::find(fields.begin(), fields.end(), find_trial_field(field));
  return static_cast<size_t>(meant - fields.begin());
}

// Not as a manifest for training is read: what else the table says is of no matter here, a
// recording may stand in it twice, and blanks belong to its name.
void add_table(const fs::path& manifest, Inputs& files) {
  const std::string text = list_text(read_text(manifest), manifest.native());
  CsvReader reader(text, manifest.native());
  const std::string name = printable(manifest.native());
  const auto header = reader.next().value_or(std::vector<std::string>());
  if (header.empty()) throw UsageError(name + ": an empty file");
  if (find_column(header, "member") < header.size()) {
    add_trials(parse_manifest(text, manifest, /*labels_needed=*/false), files);
    return;
  }
  const size_t column = find_column(header, "path");
  if (column == header.size()) {
    throw UsageError(fmt::format("{}: line 1: no column \"path\"; a manifest needs one", name));
  }
  const size_t reference = find_column(header, "reference");
  const StretchColumns stretches(header);
  while (const auto row = reader.next()) {
    if (row->size() != header.size()) {
      throw UsageError(fmt::format("{}: line {}: {} fields, expected {}", name, reader.line(),
                                   row->size(), header.size()));
    }
    if ((*row)[column].empty()) {
      throw UsageError(fmt::format("{}: line {}: an empty path", name, reader.line()));
    }
    std::optional<Excerpt> excerpt;
    try {
      excerpt = stretches.read(*row);
    } catch (const UsageError& e) {
      throw UsageError(fmt::format("{}: line {}: {}", name, reader.line(), e.what()));
    }
    files.push_back({AudioLocation(manifest.parent_path() / (*row)[column], {}, excerpt)});
    if (reference < header.size() && !is_missing((*row)[reference])) {
      files.back().references = {manifest.parent_path() / (*row)[reference]};
    }
  }
}

// False when the name is not that of a list of recordings.
bool add_list(const fs::path& input, Inputs& files, Leftovers* leftovers) {
  if (const auto trials = read_corpus_list(input, leftovers)) {
    add_trials(*trials, files);
  } else if (lower(input.extension().native()) == ".csv") {
    add_table(input, files);
  } else if (is_manifest_name(input)) {
    add_trials(read_manifest(input, /*labels_needed=*/false), files);
  } else if (is_shard_name(input)) {
    add_trials(read_shard(input, leftovers), files);
  } else {
    return false;
  }
  return true;
}

void add_input(const std::string& input, std::istream& standard_input, Inputs& files,
               Leftovers* leftovers) {
  std::error_code missing;
  if (input == "-") {
    add_lines(read_standard_paths(standard_input), "standard input", files);
  } else if (input.starts_with('@')) {
    add_lines(read_text_or_pipe(input.substr(1)), input.substr(1), files);
  } else if (fs::is_directory(input, missing)) {
    add_folder(input, files, leftovers);
  } else if (!add_list(input, files, leftovers)) {
    files.push_back({fs::path(input)});
  }
}

std::string name_of_input(std::string_view input) {
  if (input == "-") return "standard input";
  return printable(input.substr(input.starts_with('@') ? 1 : 0));
}

// The reason without the list's name, which its row has.
std::string reason_of(const Error& error, std::string_view list) {
  if (list.starts_with('@')) list.remove_prefix(1);
  std::string reason = error.what();
  const std::string prefix = printable(list) + ": ";
  if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
  return reason;
}

}  // namespace

std::vector<Input> list_inputs(const std::vector<std::string>& inputs, std::istream& standard_input,
                               Leftovers* leftovers) {
  std::vector<Input> listed;
  for (const std::string& input : inputs) {
    Inputs files;
    try {
      add_input(input, standard_input, files, leftovers);
      if (files.empty()) throw Error(name_of_input(input) + ": lists no recordings");
      std::move(files.begin(), files.end(), std::back_inserter(listed));
    } catch (const Error& e) {
      if (inputs.size() == 1) throw;
      listed.push_back({fs::path(input), reason_of(e, input)});
    }
  }
  mark_pipes(inputs, listed);
  return listed;
}

}  // namespace bonafide
