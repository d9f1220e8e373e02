#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// One field as RFC 4180 wants it: quoted when it holds a comma, quote or line end.
std::string csv_field(std::string_view text);

// One line, with "\n" at its end.
std::string csv_line(const std::vector<std::string>& fields);

// Reads RFC 4180 text (also with "\n" line ends, a UTF-8 mark in front, or another separator) line
// by line. `name` goes into the messages of the Errors it throws. Blank lines are passed over.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string name, char separator = ',');

  // The next record, or nothing at the end. Throws UsageError for a quote that never closes.
  std::optional<std::vector<std::string>> next();

  // Line on which the record last read began, counted from 1.
  size_t line() const { return record_line_; }

 private:
  std::string_view rest_;
  std::string name_;
  char separator_;
  size_t line_ = 1;
  size_t record_line_ = 0;
};

}  // namespace bonafide
