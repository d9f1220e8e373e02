#include "corpus/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>

#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "corpus/protocol_line.h"

namespace bonafide {

namespace {

using Fields = std::vector<std::string>;

// Where the columns are that a trial needs.
struct Columns {
  size_t count = 0;
  std::optional<size_t> path, label, id, speaker, attack, partition;
};

std::optional<size_t> find_column(const Fields& header, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    for (size_t i = 0; i < header.size(); ++i) {
      if (lower(trim(header[i])) == name) return i;
    }
  }
  return std::nullopt;
}

Columns find_columns(const Fields& header) {
  return {.count = header.size(),
          .path = find_column(header, {"path", "file"}),
          .label = find_column(header, {"label"}),
          .id = find_column(header, {"id"}),
          .speaker = find_column(header, {"speaker"}),
          .attack = find_column(header, {"attack", "system"}),
          .partition = find_column(header, {"partition", "subset", "split"})};
}

std::string field(const Fields& fields, std::optional<size_t> column) {
  return column ? std::string(trim(fields[*column])) : std::string();
}

Trial read_trial(const Fields& fields, const Columns& columns,
                 const std::filesystem::path& folder) {
  Trial trial;
  const std::string path = field(fields, columns.path);
  trial.id = columns.id ? field(fields, columns.id) : path;
  trial.path = folder / path;
  if (columns.label) trial.label = parse_label(field(fields, columns.label));
  trial.speaker = field(fields, columns.speaker);
  trial.attack = field(fields, columns.attack);
  trial.partition = field(fields, columns.partition);
  return trial;
}

// An empty partition means all of it.
std::vector<Trial> read_partition(const std::filesystem::path& manifest,
                                  const std::string& partition) {
  std::vector<Trial> trials = read_manifest(manifest);
  if (partition.empty()) return trials;
  std::set<std::string> known;
  for (const Trial& trial : trials) known.insert(trial.partition);
  if (known.count(partition) == 0) {
    throw UsageError(fmt::format("{}: no partition \"{}\" (there are: {})",
                                 printable(manifest.native()), printable(partition),
                                 printable(fmt::format("{}", fmt::join(known, ", ")))));
  }
  std::erase_if(trials, [&](const Trial& trial) { return trial.partition != partition; });
  return trials;
}

std::filesystem::path relative_to(const std::filesystem::path& path,
                                  const std::filesystem::path& folder) {
  const auto full = std::filesystem::absolute(path).lexically_normal();
  const auto relative = full.lexically_relative(folder);
  return relative.empty() || *relative.begin() == ".." ? full : relative;
}

}  // namespace

std::vector<Trial> parse_manifest(std::string_view text, const std::filesystem::path& path,
                                  bool labels_needed) {
  CsvReader reader(text, path.native());
  const auto header = reader.next();
  if (!header) throw UsageError(fmt::format("{}: empty", printable(path.native())));
  const Columns columns = find_columns(*header);
  if (!columns.path || (labels_needed && !columns.label)) {
    refuse_line(path, reader.line(),
                fmt::format("the header has no column \"{}\"", columns.path ? "label" : "path"));
  }
  std::vector<Trial> trials;
  IdLedger ids(path);
  while (const auto fields = reader.next()) {
    if (fields->size() != columns.count) {
      refuse_line(path, reader.line(),
                  fmt::format("{} fields; the header has {}", fields->size(), columns.count));
    }
    if (field(*fields, columns.path).empty()) refuse_line(path, reader.line(), "an empty path");
    try {
      trials.push_back(read_trial(*fields, columns, path.parent_path()));
    } catch (const UsageError& e) {
      refuse_line(path, reader.line(), e.what());
    }
    ids.enter(trials.back().id, reader.line());
  }
  return trials;
}

std::vector<Trial> read_manifest(const std::filesystem::path& path, bool labels_needed) {
  std::string text;
  try {
    text = read_text(path);
  } catch (const Error& e) {
    throw UsageError(e.what());
  }
  return parse_manifest(text, path, labels_needed);
}

void write_manifest(const std::filesystem::path& path, const std::vector<Trial>& trials) {
  const auto folder = std::filesystem::absolute(path).lexically_normal().parent_path();
  write_atomically(path, [&](std::ostream& out) {
    out << csv_line({"id", "path", "label", "speaker", "attack", "partition"});
    for (const Trial& trial : trials) {
      out << csv_line({trial.id, relative_to(trial.path, folder).string(),
                       std::string(name_of(trial.label)), trial.speaker, trial.attack,
                       trial.partition});
    }
  });
}

std::vector<Trial> read_manifest_corpus(const CorpusRequest& request) {
  std::error_code unreadable;  // then reading says why
  if (std::filesystem::is_regular_file(request.root, unreadable)) {
    return read_partition(request.root, request.part);
  }
  return read_manifest(request.root / request.part);
}

std::vector<Trial> read_minicorpus(const CorpusRequest& request) {
  return read_partition(request.root / "manifest.csv", request.part);
}

}  // namespace bonafide
