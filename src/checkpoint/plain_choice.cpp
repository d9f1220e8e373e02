#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/weight_choice.h"
#include "checkpoint/weight_sets.h"
#include "checkpoint/wrappers.h"

namespace bonafide {

namespace {

// torch.optim.swa_utils.AveragedModel counts its steps beside "module.".
constexpr std::string_view kAverageCounter = "n_averaged";
constexpr size_t kMostSets = 12;  // in a message

// The tensors and dictionaries right below a prefix.
struct Level {
  size_t tensors = 0;
  std::vector<std::string> keys;         // of dictionaries
  std::map<std::string, size_t> counts;  // of tensors, by key
};

Level level_at(const StoredWeights& stored, const std::string& prefix) {
  Level level;
  for (const StoredTensor& tensor : stored.tensors) {
    const std::string_view set = tensor.set_name();
    if (!set.starts_with(prefix)) continue;
    if (set == prefix) {
      ++level.tensors;
      continue;
    }
    const std::string key(set.substr(prefix.size(), set.find('.', prefix.size()) - prefix.size()));
    if (level.counts[key]++ == 0) level.keys.push_back(key);
  }
  return level;
}

std::string list_of_sets(const StoredWeights& stored) {
  std::vector<std::string> names;
  for (const std::string& set : sets_of(stored)) names.push_back(called(set));
  return some_of(names, kMostSets);
}

// The only key that may hold the weights of a network; "" when there are several.
std::string only_key(const Level& level) {
  std::vector<std::string> plain;
  std::copy_if(level.keys.begin(), level.keys.end(), std::back_inserter(plain),
               [](const std::string& key) { return !is_derived(key); });
  if (plain.size() == 1) return plain.front();
  return plain.empty() && level.keys.size() == 1 ? level.keys.front() : "";
}

// Goes down from a prefix to that of the weights.
std::string find_weights(const StoredWeights& stored, const std::string& prefix,
                         const std::string& name) {
  const Level level = level_at(stored, prefix);
  const auto goes_down = [&](const std::string& key) {
    return find_weights(stored, prefix + key + ".", name);
  };
  for (const std::string_view place : usual_places()) {
    if (level.counts.contains(std::string(place))) return goes_down(std::string(place));
  }
  const auto larger = [&](const auto& item) { return item.second > level.tensors; };
  const bool holds_most = std::none_of(level.counts.begin(), level.counts.end(), larger);
  if (level.tensors > 0 && (holds_most || !prefix.empty())) return prefix;
  if (const std::string key = only_key(level); !key.empty()) return goes_down(key);
  if (!prefix.empty()) return prefix;  // of modules that were saved one by one
  throw Error(fmt::format("{}: has several sets of weights; --weights-from names one of: {}",
                          printable(name), list_of_sets(stored)));
}

// What leads to the dictionary of that name, or stands before all names of such weights; nothing
// when there is neither.
std::optional<std::string> prefix_called(const StoredWeights& stored, const std::string& set) {
  if (set == ".") return "";
  const std::string part = set + ".";
  for (const StoredTensor& tensor : stored.tensors) {
    for (size_t at = 0; (at = tensor.name.find(part, at)) != std::string::npos; ++at) {
      if (at == 0 || tensor.name[at - 1] == '.') return tensor.name.substr(0, at + part.size());
    }
  }
  return std::nullopt;
}

std::string prefix_of(const StoredWeights& stored, const std::string& set,
                      const std::string& name) {
  if (set.empty()) return find_weights(stored, "", name);
  const auto prefix = prefix_called(stored, set);
  if (!prefix) {
    throw UsageError(fmt::format("{}: has no weights called \"{}\"; there are: {}", printable(name),
                                 printable(set), list_of_sets(stored)));
  }
  return level_at(stored, *prefix).keys.empty() ? *prefix : find_weights(stored, *prefix, name);
}

// Takes wrappers off that all names have; what they were.
std::string strip_wrappers(TensorFile& file) {
  std::string stripped;
  const auto all_begin_with = [&](std::string_view wrapper) {
    return !file.tensors.empty() &&
           std::all_of(file.tensors.begin(), file.tensors.end(),
                       [&](const auto& named) { return named.first.starts_with(wrapper); });
  };
  for (;;) {
    const auto wrapper = std::find_if(kWrappers.begin(), kWrappers.end(), all_begin_with);
    if (wrapper == kWrappers.end()) return stripped;
    for (auto& [name, tensor] : file.tensors) name.erase(0, wrapper->size());
    stripped += *wrapper;
  }
}

// The first part of all names, as "model."; "" when they differ.
std::string common_part(const TensorFile& file) {
  if (file.tensors.size() < 2) return "";
  const std::string& first = file.tensors.front().first;
  const std::string part = first.substr(0, first.find('.') + 1);
  const bool common = std::all_of(file.tensors.begin(), file.tensors.end(),
                                  [&](const auto& named) { return named.first.starts_with(part); });
  return common ? part : "";
}

bool holds_wrapper(std::string_view name) {
  return std::any_of(kWrappers.begin(), kWrappers.end(), [&](std::string_view wrapper) {
    return name.find("." + std::string(wrapper)) != std::string_view::npos;
  });
}

// What was done to the names, and what may have to be.
std::string note_on_names(const TensorFile& file, const std::string& stripped) {
  std::vector<std::string> parts;
  if (!stripped.empty()) parts.push_back(fmt::format("\"{}\" taken off the names", stripped));
  if (const std::string part = common_part(file); !part.empty()) {
    parts.push_back(fmt::format("\"{}\" before all names stays (--system says what is wanted)",
                                printable(part, 80)));
  }
  const auto wrapped = std::find_if(file.tensors.begin(), file.tensors.end(),
                                    [](const auto& named) { return holds_wrapper(named.first); });
  if (wrapped != file.tensors.end()) {
    parts.push_back(
        fmt::format("wrappers inside names stay, as in \"{}\"", printable(wrapped->first, 80)));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

// The other sets that somebody may have meant: about as many tensors as were taken.
std::string other_sets(const StoredWeights& stored, const std::string& prefix, size_t taken) {
  std::unordered_map<std::string_view, size_t> tensors;
  for (const StoredTensor& tensor : stored.tensors) ++tensors[tensor.set_name()];
  std::vector<std::string> names;
  for (const std::string& set : sets_of(stored)) {
    const bool inside = set.starts_with(prefix) && !prefix.empty();
    if (inside || set == prefix || is_optimizers(set)) continue;
    if (2 * tensors[set] >= taken) names.push_back(called(set));
  }
  return some_of(names, kMostSets);
}

// A list of tensors, or an optimizer's, says nothing of what they are.
void expect_names(const TensorFile& file, const std::string& name) {
  const auto is_numbered = [](const auto& named) { return parse_integer(named.first).has_value(); };
  if (std::all_of(file.tensors.begin(), file.tensors.end(), is_numbered)) {
    throw Error(fmt::format("{}: its tensors have no names; expected a dictionary of tensors",
                            printable(name)));
  }
}

// Splits what is stored into the tensors behind a prefix, whose names lose it, and the others.
struct Split {
  TensorFile file;
  std::vector<const StoredTensor*> left;
};

Split split_at(const StoredWeights& stored, const std::string& prefix) {
  const bool joined = level_at(stored, prefix).tensors == 0;
  Split split{{{}, stored.metadata, stored.mapped}, {}};
  for (const StoredTensor& tensor : stored.tensors) {
    if (joined ? !tensor.name.starts_with(prefix) : tensor.set_name() != prefix) {
      split.left.push_back(&tensor);
      continue;
    }
    if (!tensor.trouble.empty()) throw Error(tensor.trouble);
    split.file.tensors.emplace_back(tensor.name.substr(prefix.size()), tensor.tensor);
  }
  return split;
}

// Leaves out the counter of an AveragedModel, which alone stands outside its "module.".
void leave_out_counter(const StoredWeights& stored, const std::string& prefix, Split& split) {
  auto& tensors = split.file.tensors;
  const auto is_counter = [](const auto& named) { return named.first == kAverageCounter; };
  const auto inside = [&](const auto& named) {
    return is_counter(named) || named.first.starts_with(kWrappers.front());
  };
  if (tensors.size() < 2 || !std::all_of(tensors.begin(), tensors.end(), inside)) return;
  if (std::erase_if(tensors, is_counter) == 0) return;
  const std::string name = prefix + std::string(kAverageCounter);
  split.left.push_back(&*std::find_if(stored.tensors.begin(), stored.tensors.end(),
                                      [&](const auto& tensor) { return tensor.name == name; }));
}

}  // namespace

WeightChoice choose_weights(const StoredWeights& stored, const std::string& set,
                            const std::string& name) {
  const std::string prefix = prefix_of(stored, set, name);
  Split split = split_at(stored, prefix);
  expect_names(split.file, name);
  leave_out_counter(stored, prefix, split);
  const std::string stripped = strip_wrappers(split.file);
  std::vector<std::string> parts;
  if (!prefix.empty()) parts.push_back(fmt::format("weights of \"{}\"", called(prefix)));
  parts.push_back(note_on_names(split.file, stripped));
  if (const std::string others = other_sets(stored, prefix, split.file.tensors.size());
      !others.empty()) {
    parts.push_back(fmt::format("--weights-from takes {} instead", others));
  }
  if (!split.left.empty()) parts.push_back("left out: " + describe_left_out(split.left, prefix));
  parts.push_back(stored.unread);
  std::erase(parts, "");
  return {std::move(split.file), fmt::format("{}", fmt::join(parts, "; "))};
}

}  // namespace bonafide
