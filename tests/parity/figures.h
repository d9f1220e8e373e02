#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"

namespace bonafide {

// A member of an output, or the output itself where the reference refused.
const Json& member(const Json& output, const char* key);
bool is_refusal(const Json& output);  // an object with "error"

// A value that is computed when it is first asked for, so that a refusal stays with its figure.
template <typename Value>
class Lazy {
 public:
  explicit Lazy(std::function<Value()> compute) : compute_(std::move(compute)) {}

  const Value& operator()() const {
    if (!value_) value_ = compute_();
    return *value_;
  }

 private:
  std::function<Value()> compute_;
  mutable std::optional<Value> value_;
};

// Prints the verdict on each figure of a case file.
class Figures {
 public:
  Figures(std::filesystem::path case_file, std::ostream& out);

  // `want`: a number as golden_number reads it, or an object with "error", which the reference
  // raised and so must we. Compares absolutely; equal infinities and NaNs agree.
  void check(const std::string& figure, const Json& want, double tolerance,
             const std::function<double()>& got);
  // Relative to |want|, which may be 0.
  void check_relative(const std::string& figure, const Json& want, double tolerance,
                      const std::function<double()>& got);
  void check_text(const std::string& figure, std::string_view want, std::string_view got);
  void uncovered(std::string_view component);
  // Runs one case; what it throws fails the case, not those after it.
  void run(const std::string& case_name, const std::function<void()>& check_all);

  bool all_passed() const { return passed_; }
  const std::filesystem::path& case_file() const { return case_file_; }

 private:
  void print(const std::string& figure, bool passed, double error, double tolerance);

  std::filesystem::path case_file_;
  std::ostream& out_;
  bool passed_ = true;
};

}  // namespace bonafide
