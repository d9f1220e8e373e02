#include "corpus/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/stretch.h"
#include "base/text.h"
#include "corpus/json_lines.h"
#include "corpus/protocol_line.h"
#include "corpus/trial_fields.h"

namespace bonafide {

namespace {

using Fields = std::vector<std::string>;
using Columns = std::vector<const TrialField*>;  // null: a column that is passed over

bool has_column(const Columns& columns, std::string_view name) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const TrialField* field) { return field && field->name == name; });
}

Trial read_trial(const Fields& fields, const Columns& columns, const StretchColumns& stretches,
                 bool labels_needed, const std::filesystem::path& folder) {
  Trial trial;
  for (size_t i = 0; i < fields.size(); ++i) {
    const std::string_view text = trim(fields[i]);
    if (columns[i] == nullptr) continue;
    if (!is_missing(text) || (labels_needed && columns[i]->name == "label")) {
      set_once(trial, *columns[i], text);
    }
  }
  trial.excerpt = stretches.read(fields);
  complete_trial(trial, folder);
  return trial;
}

std::vector<Trial> parse_table(std::string_view text, const std::filesystem::path& path,
                               char separator, bool labels_needed) {
  CsvReader reader(text, path.native(), separator);
  const auto header = reader.next();
  if (!header) throw UsageError(fmt::format("{}: an empty file", printable(path.native())));
  // Several columns may be of one field, as long as they say the same.
  const Columns columns = find_trial_fields(*header);
  const bool has_path = has_column(columns, "path");
  if (!has_path || (labels_needed && !has_column(columns, "label"))) {
    refuse_line(path, reader.line(),
                fmt::format("the header has no column \"{}\"", has_path ? "label" : "path"));
  }
  const StretchColumns stretches(*header);
  std::vector<Trial> trials;
  IdLedger ids(path);
  while (const auto fields = reader.next()) {
    if (fields->size() != columns.size()) {
      refuse_line(path, reader.line(),
                  fmt::format("{} fields; the header has {}", fields->size(), columns.size()));
    }
    try {
      trials.push_back(read_trial(*fields, columns, stretches, labels_needed, path.parent_path()));
    } catch (const UsageError& e) {
      refuse_line(path, reader.line(), e.what());
    }
    ids.enter(trials.back(), reader.line());
  }
  return trials;
}

std::string table_line(const Fields& fields, char separator) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += separator;
    const bool quoted = separator == '\t' && fields[i].find('\t') != std::string::npos;
    // csv_field quotes for commas too, which does a TSV no harm.
    line +=
        quoted && csv_field(fields[i]) == fields[i] ? '"' + fields[i] + '"' : csv_field(fields[i]);
  }
  return line + '\n';
}

// Those that every manifest has, and those that some trial has.
Columns used_columns(const std::vector<Trial>& trials) {
  Columns columns;
  for (const TrialField& field : trial_fields()) {
    const auto is_used = [&](const Trial& trial) { return !field.get(trial).empty(); };
    if (field.always || std::any_of(trials.begin(), trials.end(), is_used)) {
      columns.push_back(&field);
    }
  }
  return columns;
}

void write_table(std::ostream& out, char separator, const std::vector<Trial>& trials,
                 const std::filesystem::path& folder) {
  const Columns columns = used_columns(trials);
  Fields fields(columns.size());
  std::transform(columns.begin(), columns.end(), fields.begin(),
                 [](const TrialField* field) { return std::string(field->name); });
  out << table_line(fields, separator);
  for (const Trial& trial : trials) {
    const Trial relative = with_paths_relative_to(trial, folder);
    std::transform(columns.begin(), columns.end(), fields.begin(),
                   [&](const TrialField* field) { return field->get(relative); });
    out << table_line(fields, separator);
  }
}

}  // namespace

ManifestForm manifest_form(const std::filesystem::path& path) {
  const std::string extension = lower(path.extension().native());
  if (extension == ".tsv") return ManifestForm::kTsv;
  if (extension == ".jsonl" || extension == ".json" || extension == ".ndjson") {
    return ManifestForm::kJsonLines;
  }
  return ManifestForm::kCsv;
}

bool is_manifest_name(const std::filesystem::path& path) {
  return manifest_form(path) != ManifestForm::kCsv || lower(path.extension().native()) == ".csv";
}

std::vector<Trial> parse_manifest(std::string_view text, const std::filesystem::path& path,
                                  bool labels_needed) {
  switch (manifest_form(path)) {
    case ManifestForm::kJsonLines:
      return parse_json_lines(text, path, labels_needed);
    case ManifestForm::kTsv:
      return parse_table(text, path, '\t', labels_needed);
    case ManifestForm::kCsv:
      break;
  }
  return parse_table(text, path, ',', labels_needed);
}

std::vector<Trial> read_manifest(const std::filesystem::path& path, bool labels_needed) {
  return parse_manifest(read_list(path), path, labels_needed);
}

void write_manifest(std::ostream& out, ManifestForm form, const std::vector<Trial>& trials,
                    const std::filesystem::path& folder) {
  const auto full = std::filesystem::absolute(folder).lexically_normal();
  if (form == ManifestForm::kJsonLines) {
    for (const Trial& trial : trials) out << json_line(with_paths_relative_to(trial, full));
  } else {
    write_table(out, form == ManifestForm::kTsv ? '\t' : ',', trials, full);
  }
}

void write_manifest(const std::filesystem::path& path, const std::vector<Trial>& trials) {
  const auto folder = std::filesystem::absolute(path).lexically_normal().parent_path();
  write_atomically(
      path, [&](std::ostream& out) { write_manifest(out, manifest_form(path), trials, folder); });
}

}  // namespace bonafide
