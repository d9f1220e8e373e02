#pragma once

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/json.h"

namespace bonafide {

// Prints the verdict on each figure of a case file.
class Figures {
 public:
  Figures(std::filesystem::path case_file, std::ostream& out);

  // `want`: a number as golden_number reads it, or an object with "error", which the reference
  // raised and so must we. Compares absolutely; equal infinities and NaNs agree.
  void check(const std::string& figure, const Json& want, double tolerance,
             const std::function<double()>& got);
  // Relative to max(1, |want|).
  void check_relative(const std::string& figure, const Json& want, double tolerance,
                      const std::function<double()>& got);
  void check_text(const std::string& figure, std::string_view want, std::string_view got);
  void uncovered(std::string_view component);

  bool all_passed() const { return passed_; }
  const std::filesystem::path& case_file() const { return case_file_; }

 private:
  void print(const std::string& figure, bool passed, double error, double tolerance);

  std::filesystem::path case_file_;
  std::ostream& out_;
  bool passed_ = true;
};

}  // namespace bonafide
