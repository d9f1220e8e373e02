#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "corpus/trial.h"

namespace bonafide {

// Throws UsageError "FILE: line N: WHY".
[[noreturn]] void refuse_line(const std::filesystem::path& file, size_t line, std::string_view why);

// A list's whole text as list_text() gives it. A list that cannot be read is a UsageError.
std::string read_list(const std::filesystem::path& path);

// Remembers the ids of one list, because an id twice would make scores ambiguous.
class IdLedger {
 public:
  explicit IdLedger(std::filesystem::path file) : file_(std::move(file)) {}

  // Throws UsageError for an empty id, and for one that an earlier line has.
  void enter(const std::string& id, size_t line);
  // The same of a trial's identity within its partition. Throws UsageError, too, for a recording
  // that an earlier line gives the other label, under whatever id and spelling of its path.
  void enter(const Trial& trial, size_t line);

 private:
  struct Said {
    Truth label;
    size_t line;
  };

  void enter(const std::string& key, const std::string& name, size_t line);
  void expect_one_label(const Trial& trial, size_t line);

  std::filesystem::path file_;
  std::unordered_map<std::string, size_t> line_of_;
  std::unordered_map<std::string, Said> label_of_;  // by recording
};

}  // namespace bonafide
