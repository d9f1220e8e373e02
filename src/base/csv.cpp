#include "base/csv.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_line(const std::vector<std::string>& fields) {
  if (fields.size() == 1 && fields[0].empty()) return "\"\"\n";  // not a blank line
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    line += csv_field(fields[i]);
  }
  return line + '\n';
}

CsvReader::CsvReader(std::string_view text, std::string name, char separator)
    : rest_(text), name_(std::move(name)), separator_(separator) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (rest_.substr(0, kMark.size()) == kMark) rest_.remove_prefix(kMark.size());
}

std::optional<std::vector<std::string>> CsvReader::next() {
  while (!rest_.empty() && (rest_.front() == '\n' || rest_.front() == '\r')) {
    if (rest_.front() == '\n') ++line_;
    rest_.remove_prefix(1);
  }
  if (rest_.empty()) return std::nullopt;
  record_line_ = line_;

  std::vector<std::string> fields(1);
  bool quoted = false;
  size_t i = 0;
  for (; i < rest_.size(); ++i) {
    const char c = rest_[i];
    if (c == '\n') ++line_;
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < rest_.size() && rest_[i + 1] == '"') {
        fields.back() += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == separator_) {
      fields.emplace_back();
    } else if (c == '\n') {
      ++i;
      break;
    } else if (c != '\r' || (i + 1 < rest_.size() && rest_[i + 1] != '\n')) {
      fields.back() += c;
    }
  }
  if (quoted) {
    throw UsageError(
        fmt::format("{}: line {}: a quote that never closes", printable(name_), record_line_));
  }
  rest_.remove_prefix(i);
  return fields;
}

}  // namespace bonafide
