#include "scoring/pairs.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/list_text.h"
#include "base/pipe.h"
#include "base/text.h"

namespace bonafide {

namespace {

using Pairs = std::map<std::string, std::vector<AudioLocation>, std::less<>>;

Pairs read_pairs(const std::string& list) {
  Pairs pairs;
  size_t number = 0;
  const std::string text = list_text(read_text_or_pipe(list), list);
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto fields = split(line, '\t');
    if (fields.size() != 2 || fields[0].empty() || fields[1].empty()) {
      throw UsageError(fmt::format("{}: line {}: expected a recording, a tab, and its reference",
                                   printable(list), number));
    }
    pairs[std::string(fields[0])].emplace_back(std::filesystem::path(fields[1]));
  }
  return pairs;
}

// A stretch has the references of its recording, where it has none of its own.
Pairs::const_iterator find_pair(const Pairs& pairs, const AudioLocation& location) {
  const auto listed = pairs.find(location.name());
  if (listed != pairs.end() || !location.excerpt) return listed;
  return pairs.find(AudioLocation(location.path, location.member).name());
}

}  // namespace

std::vector<std::string> set_references(std::vector<Input>& inputs, const std::string& reference) {
  if (!reference.starts_with('@')) {
    for (Input& input : inputs) input.references = {std::filesystem::path(reference)};
    return {};
  }
  const std::string list = reference.substr(1);
  const Pairs pairs = read_pairs(list);
  std::set<std::string> met;
  for (Input& input : inputs) {
    const auto listed = find_pair(pairs, input.location);
    if (listed != pairs.end()) {
      input.references = listed->second;
      met.insert(listed->first);
    } else if (input.trouble.empty()) {
      input.trouble = fmt::format("{} lists no reference for it", printable(list));
    }
  }
  std::vector<std::string> others;
  for (const auto& [name, references] : pairs) {
    if (!met.contains(name)) others.push_back(name);
  }
  return others;
}

}  // namespace bonafide
