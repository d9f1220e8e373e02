#include "base/options.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/json_value.h"

namespace bonafide {

OptionReader::OptionReader(const Json& options, std::string section,
                           const std::vector<std::string>& known)
    : options_(options), section_(std::move(section)) {
  for (const auto& item : options.items()) {
    if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
    const auto meant = nearest(item.key(), known);
    throw UsageError(fmt::format("unknown key \"{}.{}\"{}", section_, printable(item.key()),
                                 meant ? fmt::format(" (did you mean \"{}\"?)", *meant)
                                       : fmt::format(" (there are: {})", fmt::join(known, ", "))));
  }
}

const Json* OptionReader::find(const std::string& key) const {
  const auto it = options_.find(key);
  return it == options_.end() ? nullptr : &*it;
}

void OptionReader::integer(const std::string& key, int64_t& value, int64_t least,
                           int64_t most) const {
  if (const Json* found = find(key)) integer_value(key, *found, value, least, most);
}

void OptionReader::number(const std::string& key, double& value, double least, double most) const {
  const Json* found = find(key);
  if (found == nullptr) return;
  if (!found->is_number() || !(*found >= least && *found <= most)) {
    refuse(key, *found, least, most);
  }
  value = found->get<double>();
}

void OptionReader::flag(const std::string& key, bool& value) const {
  const Json* found = find(key);
  if (found == nullptr) return;
  if (!found->is_boolean()) {
    throw UsageError(fmt::format("{}.{}: {} is neither true nor false", section_, key,
                                 printable(found->dump())));
  }
  value = found->get<bool>();
}

void OptionReader::text(const std::string& key, std::string& value) const {
  const Json* found = find(key);
  if (found == nullptr) return;
  if (!found->is_string()) {
    throw UsageError(fmt::format("{}.{}: {} is no text", section_, key, printable(found->dump())));
  }
  value = found->get<std::string>();
}

void OptionReader::word(const std::string& key, std::string& value,
                        const std::vector<std::string>& words) const {
  const Json* found = find(key);
  if (found == nullptr) return;
  const auto* given = found->get_ptr<const std::string*>();
  if (given == nullptr || std::find(words.begin(), words.end(), *given) == words.end()) {
    throw UsageError(fmt::format("{}.{}: {} is not one of: {}", section_, key,
                                 printable(found->dump()), fmt::join(words, ", ")));
  }
  value = *given;
}

void OptionReader::integer_value(const std::string& key, const Json& given, int64_t& value,
                                 int64_t least, int64_t most) const {
  if (!given.is_number_integer() || given < least || given > most) refuse(key, given, least, most);
  value = given.get<int64_t>();
}

void OptionReader::expect_list(const std::string& key, const Json& given, size_t size) const {
  if (given.is_array() && given.size() == size) return;
  throw UsageError(
      fmt::format("{}.{}: {} is not a list of {}", section_, key, printable(given.dump()), size));
}

}  // namespace bonafide
