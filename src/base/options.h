#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

// Reads options from an open section of a recipe (a network's, a front end's), with checks. What is
// absent keeps its default. Throws UsageError naming section and key.
class OptionReader {
 public:
  // Refuses keys that are not among `known`.
  OptionReader(const Json& options, std::string section, const std::vector<std::string>& known);

  const Json* find(const std::string& key) const;  // null when absent

  void integer(const std::string& key, int64_t& value, int64_t least, int64_t most) const;

  void number(const std::string& key, double& value, double least, double most) const;
  void flag(const std::string& key, bool& value) const;
  void text(const std::string& key, std::string& value) const;
  // One of `words`.
  void word(const std::string& key, std::string& value,
            const std::vector<std::string>& words) const;

  template <size_t N>
  void integers(const std::string& key, std::array<int64_t, N>& values, int64_t least,
                int64_t most) const {
    if (const Json* found = find(key)) integer_values(key, *found, values, least, most);
  }

  template <size_t N>
  void numbers(const std::string& key, std::array<double, N>& values, double least,
               double most) const {
    const Json* found = find(key);
    if (found == nullptr) return;
    expect_list(key, *found, N);
    for (size_t i = 0; i < N; ++i) {
      const Json& item = (*found)[i];
      if (!item.is_number() || !(item >= least && item <= most)) refuse(key, item, least, most);
      values[i] = item.get<double>();
    }
  }

  void integer_value(const std::string& key, const Json& given, int64_t& value, int64_t least,
                     int64_t most) const;

  template <size_t N>
  void integer_values(const std::string& key, const Json& given, std::array<int64_t, N>& values,
                      int64_t least, int64_t most) const {
    expect_list(key, given, N);
    for (size_t i = 0; i < N; ++i) integer_value(key, given[i], values[i], least, most);
  }

 private:
  void expect_list(const std::string& key, const Json& given, size_t size) const;

  template <typename Number>
  [[noreturn]] void refuse(const std::string& key, const Json& given, Number least,
                           Number most) const {
    throw UsageError(fmt::format("{}.{}: {} is not a {}number from {} to {}", section_, key,
                                 printable(given.dump()),
                                 std::is_integral_v<Number> ? "whole " : "", least, most));
  }

  const Json& options_;
  std::string section_;
};

}  // namespace bonafide
