#include "scoring/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>

#include "audio/decode.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

void walk(const fs::path& folder, std::vector<fs::path>& files) {
  std::error_code code;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator at(folder, code); !code && at != fs::directory_iterator();
       at.increment(code)) {
    entries.push_back(*at);
  }
  if (code) files.push_back(folder);  // decoding it will say why
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      if (!entry.is_symlink(ignored)) walk(entry.path(), files);
    } else if (has_audio_extension(entry.path())) {
      files.push_back(entry.path());
    }
  }
}

void add_lines(std::string_view text, std::vector<fs::path>& files) {
  const char separator = text.find('\0') == std::string_view::npos ? '\n' : '\0';
  for (std::string_view line : split(text, separator)) {
    if (separator == '\n' && line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) files.emplace_back(line);
  }
}

void add_manifest(const fs::path& manifest, std::vector<fs::path>& files) {
  const std::string text = read_text(manifest);
  CsvReader reader(text, manifest.native());
  const std::string name = printable(manifest.native());
  const auto header = reader.next().value_or(std::vector<std::string>());
  const auto column =
      static_cast<size_t>(std::find(header.begin(), header.end(), "path") - header.begin());
  if (column == header.size()) {
    throw UsageError(fmt::format("{}: line 1: no column \"path\"; a manifest needs one", name));
  }
  while (const auto row = reader.next()) {
    if (row->size() != header.size()) {
      throw UsageError(fmt::format("{}: line {}: {} fields, expected {}", name, reader.line(),
                                   row->size(), header.size()));
    }
    if ((*row)[column].empty()) {
      throw UsageError(fmt::format("{}: line {}: an empty path", name, reader.line()));
    }
    files.push_back(manifest.parent_path() / (*row)[column]);
  }
}

}  // namespace

std::vector<fs::path> expand_inputs(const std::vector<std::string>& inputs,
                                    std::istream& standard_input) {
  std::vector<fs::path> files;
  for (const std::string& input : inputs) {
    std::error_code missing;
    if (input == "-") {
      add_lines(std::string(std::istreambuf_iterator<char>(standard_input), {}), files);
    } else if (input.starts_with('@')) {
      add_lines(read_text(input.substr(1)), files);
    } else if (fs::is_directory(input, missing)) {
      const size_t before = files.size();
      walk(input, files);
      // An empty one is an input too: decoding it will say that it is no recording.
      if (files.size() == before) files.emplace_back(input);
    } else if (lower(fs::path(input).extension().native()) == ".csv") {
      add_manifest(input, files);
    } else {
      files.emplace_back(input);
    }
  }
  return files;
}

}  // namespace bonafide
