#include "augment/parameters.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

Parameters::Parameters(const Json& given, std::string where)
    : given_(given), where_(std::move(where)) {}

const Json* Parameters::find(const std::string& key) {
  known_.insert(key);
  const auto it = given_.find(key);
  return it == given_.end() || it->is_null() ? nullptr : &*it;
}

void Parameters::refuse(const std::string& key, const std::string& wanted) const {
  const auto it = given_.find(key);
  throw UsageError(fmt::format("{}: {} must be {}, not {}", where_, key, wanted,
                               it == given_.end() ? "missing" : printable(it->dump(), 80)));
}

void Parameters::check(const std::string& key, double value, double low, double high) const {
  if (value >= low && value <= high) return;
  refuse(key, fmt::format("{:g} to {:g}", low, high));
}

double Parameters::number(const std::string& key, double fallback, double low, double high) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number()) refuse(key, "a number");
  check(key, value->get<double>(), low, high);
  return value->get<double>();
}

int64_t Parameters::integer(const std::string& key, int64_t fallback, int64_t low, int64_t high) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number_integer()) refuse(key, "a whole number");
  check(key, value->get<double>(), static_cast<double>(low), static_cast<double>(high));
  return value->get<int64_t>();
}

bool Parameters::flag(const std::string& key, bool fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) refuse(key, "true or false");
  return value->get<bool>();
}

std::string Parameters::text(const std::string& key, const std::string& fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_string()) refuse(key, "a word");
  return value->get<std::string>();
}

std::string Parameters::choice(const std::string& key, const std::string& fallback,
                               const std::vector<std::string>& choices) {
  const std::string word = text(key, fallback);
  for (const std::string& known : choices) {
    if (word == known) return word;
  }
  refuse(key, fmt::format("one of {}", fmt::join(choices, ", ")));
}

Range Parameters::range(const std::string& key, Range fallback, double low, double high) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_number()) {
    check(key, value->get<double>(), low, high);
    return {value->get<double>(), value->get<double>()};
  }
  if (!value->is_array() || value->size() != 2 || !(*value)[0].is_number() ||
      !(*value)[1].is_number()) {
    refuse(key, "a number or a pair [low, high]");
  }
  const Range range{(*value)[0].get<double>(), (*value)[1].get<double>()};
  check(key, range.low, low, high);
  check(key, range.high, low, high);
  if (range.low > range.high) refuse(key, "a pair [low, high] with low first");
  return range;
}

std::vector<double> Parameters::numbers(const std::string& key, const std::vector<double>& fallback,
                                        double low, double high) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_array() || value->empty()) refuse(key, "a list of numbers");
  std::vector<double> list;
  for (const Json& item : *value) {
    if (!item.is_number()) refuse(key, "a list of numbers");
    check(key, item.get<double>(), low, high);
    list.push_back(item.get<double>());
  }
  return list;
}

std::vector<int64_t> Parameters::integers(const std::string& key,
                                          const std::vector<int64_t>& fallback, int64_t low,
                                          int64_t high) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_number_integer()) return {integer(key, 0, low, high)};
  if (!value->is_array() || value->empty()) refuse(key, "a whole number or a list of them");
  std::vector<int64_t> list;
  for (const Json& item : *value) {
    if (!item.is_number_integer()) refuse(key, "a whole number or a list of them");
    check(key, item.get<double>(), static_cast<double>(low), static_cast<double>(high));
    list.push_back(item.get<int64_t>());
  }
  return list;
}

std::vector<std::string> Parameters::texts(const std::string& key,
                                           const std::vector<std::string>& fallback) {
  const Json* value = find(key);
  if (value == nullptr) return fallback;
  if (value->is_string()) return {value->get<std::string>()};
  if (!value->is_array() || value->empty()) refuse(key, "a word or a list of words");
  std::vector<std::string> list;
  for (const Json& item : *value) {
    if (!item.is_string()) refuse(key, "a word or a list of words");
    list.push_back(item.get<std::string>());
  }
  return list;
}

Json Parameters::raw(const std::string& key) {
  const Json* value = find(key);
  return value == nullptr ? Json() : *value;
}

void Parameters::finish() const {
  const std::vector<std::string> known(known_.begin(), known_.end());
  for (const auto& item : given_.items()) {
    if (known_.count(item.key()) > 0) continue;
    const std::string text = fmt::format("{}: unknown key \"{}\"", where_, printable(item.key()));
    if (const auto meant = nearest(item.key(), known)) {
      throw UsageError(fmt::format("{} (did you mean \"{}\"?)", text, *meant));
    }
    throw UsageError(fmt::format("{} (there are: {})", text, fmt::join(known, ", ")));
  }
}

}  // namespace bonafide
