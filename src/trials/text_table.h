#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace bonafide {

// Rows of a text file whose fields are split by commas (RFC 4180), tabs, or runs of blanks; the
// first line with text decides which. Blanks around commas and tabs and tabs behind the last column
// belong to no field; those in quotes stay. Made for tens of millions of rows: the file is mapped
// and the fields are views into it, valid as long as the table.
class TextTable {
 public:
  // Also reads UTF-16 and the line ends of an old Mac (base/list_text.h), and what comes
  // out of a pipe. Throws Error when the file cannot be read, and UsageError for a NUL byte near
  // its beginning.
  explicit TextTable(const std::filesystem::path& path);
  // Reads `text`, which must outlive the table; `name` goes into messages.
  TextTable(std::string_view text, std::string name);

  // The fields of the next row that is not blank, or false at the end. Throws UsageError for a
  // quote that never closes, and at the end Error for a file that shrank while it was read.
  bool next(std::vector<std::string_view>& fields);

  // Starts again with the first row.
  void rewind();

  // Another reader of the same text, at its first row; lives no longer than this one.
  TextTable again() const { return TextTable(text_, name_); }

  size_t line() const { return record_line_; }  // of the row last read, from 1
  const std::string& name() const { return name_; }
  char separator() const { return separator_; }  // ',', '\t' or ' '

  // A guess of the number of rows, for reserving memory.
  size_t expected_rows() const;

 private:
  void begin();
  void convert();
  void map_ahead();
  std::string_view next_line();
  std::string_view split_line(std::vector<std::string_view>& fields);
  void split_quoted(std::string_view line, std::vector<std::string_view>& fields);

  std::vector<MappedFile> file_;                  // none or one
  std::shared_ptr<const std::string> converted_;  // what is read instead of a file in UTF-16
  std::string_view text_;
  std::string_view rest_;
  const char* mapped_ = nullptr;  // up to here
  std::string name_;
  char separator_ = ' ';
  size_t columns_ = 1;  // of the first line
  size_t line_ = 0;
  size_t record_line_ = 0;
  std::deque<std::string> unquoted_;  // fields that differ from the file's bytes
};

}  // namespace bonafide
