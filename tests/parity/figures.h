#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace bonafide {

bool is_refusal(const Json& output);           // an object with "error"
std::string name_of_case(const Json& golden);  // "?" for one without a name

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
  void fail(const std::string& case_name, std::string_view why);

  std::filesystem::path case_file_;
  std::ostream& out_;
  bool passed_ = true;
};

// An object of figures that a case stores. A figure that it does not have is not compared; a member
// that nobody asked for is reported as uncovered at the end.
class Expected {
 public:
  // `stored`: an object; what the reference refused; null for nothing.
  Expected(std::string name, const Json* stored, Figures& figures);
  ~Expected();
  Expected(const Expected&) = delete;
  Expected& operator=(const Expected&) = delete;

  const std::string& name() const { return name_; }
  bool there() const { return stored_ != nullptr; }
  bool refused() const { return there() && is_refusal(*stored_); }

  // A member; the object itself where the reference refused; null when the case has no such member.
  const Json* find(const std::string& key);
  // A member that the reference gave.
  const Json* given(const std::string& key) { return refused() ? nullptr : find(key); }
  Expected part(const std::string& key) { return {below(key), find(key), figures_}; }
  std::string below(const std::string& key) const;  // the name of a member
  // What is no figure: names, parameters, remarks.
  void pass_over(const std::vector<std::string>& keys);

  void check(const std::string& key, double tolerance, const std::function<double()>& got);
  void check_relative(const std::string& key, double tolerance, const std::function<double()>& got);

 private:
  std::string name_;
  const Json* stored_;
  Figures& figures_;
  std::vector<std::string> known_;
  int exceptions_;
};

}  // namespace bonafide
