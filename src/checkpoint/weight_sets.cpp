#include "checkpoint/weight_sets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::array<std::string_view, 9> kPlaces = {
    "state_dict",     "model_state_dict", "model",   "model_state", "net",
    "net_state_dict", "network",          "weights", "params"};
constexpr std::array<std::string_view, 9> kAverages = {
    "ema", "swa", "avg", "average", "averaged", "averager", "shadow", "teacher", "polyak"};
constexpr std::array<std::string_view, 5> kOptimizers = {"optimizer", "optim", "exp", "grad",
                                                         "grads"};
constexpr size_t kShown = 3;

// Whether one of the words stands in a prefix, between dots and underscores.
bool has_word(std::string_view prefix, std::span<const std::string_view> words) {
  std::string spaced = lower(prefix);
  std::replace(spaced.begin(), spaced.end(), '_', '.');
  const auto parts = split(spaced, '.');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return std::find(words.begin(), words.end(), part) != words.end();
  });
}

bool is_numbered(std::string_view set) {
  const auto parts = split(set, '.');
  return std::any_of(parts.begin(), parts.end(),
                     [](std::string_view part) { return parse_integer(part).has_value(); });
}

std::string_view top_of(std::string_view name) { return name.substr(0, name.find('.')); }

// By its first key, or by all keys where the first leads to the others, too.
std::string place_of(const StoredTensor& tensor, std::string_view dictionary) {
  if (tensor.set == 0 || top_of(tensor.name) != top_of(dictionary)) {
    return printable(top_of(tensor.name), 40);
  }
  return printable(tensor.set_name().substr(0, tensor.set - 1), 80);
}

std::string tensors(size_t count) {
  return fmt::format("{} tensor{}", count, count == 1 ? "" : "s");
}

}  // namespace

std::string called(std::string_view prefix) {
  if (prefix.empty()) return ".";
  return printable(prefix.substr(0, prefix.size() - (prefix.ends_with('.') ? 1 : 0)));
}

bool is_called(std::string_view prefix, std::string_view set) {
  if (set.empty() || set == ".") return prefix.empty();
  const std::string part = fmt::format(".{}.", set);
  return fmt::format(".{}", prefix).find(part) != std::string::npos;
}

bool is_optimizers(std::string_view prefix) { return has_word(prefix, kOptimizers); }

bool is_derived(std::string_view prefix) {
  return has_word(prefix, kAverages) || is_optimizers(prefix);
}

size_t unusualness(std::string_view prefix) {
  if (prefix.empty()) return 0;
  if (is_derived(prefix)) return kPlaces.size() + 2;
  const auto place = std::find(kPlaces.begin(), kPlaces.end(), prefix.substr(0, prefix.find('.')));
  return static_cast<size_t>(place - kPlaces.begin()) + 1;
}

std::span<const std::string_view> usual_places() { return kPlaces; }

std::vector<std::string> sets_of(const StoredWeights& stored) {
  std::vector<std::string> sets;
  std::set<std::string_view> seen;
  for (const StoredTensor& tensor : stored.tensors) {
    const std::string_view set = tensor.set_name();
    if (!is_numbered(set) && seen.insert(set).second) sets.emplace_back(set);
  }
  return sets;
}

std::string describe_left_out(const std::vector<const StoredTensor*>& left,
                              std::string_view dictionary) {
  std::vector<std::string> beside;
  std::vector<std::pair<std::string, size_t>> elsewhere;
  for (const StoredTensor* tensor : left) {
    if (tensor->set_name() == dictionary) {
      beside.push_back(printable(std::string_view(tensor->name).substr(tensor->set), 80));
      continue;
    }
    const std::string key = place_of(*tensor, dictionary);
    if (elsewhere.empty() || elsewhere.back().first != key) elsewhere.emplace_back(key, 0);
    ++elsewhere.back().second;
  }
  std::vector<std::string> parts;
  if (!beside.empty()) {
    parts.push_back(
        fmt::format("{} beside them ({})", tensors(beside.size()), some_of(beside, kShown)));
  }
  size_t unnamed = 0;
  for (size_t i = 0; i < elsewhere.size(); ++i) {
    const auto& [key, count] = elsewhere[i];
    if (i < 2 * kShown)
      parts.push_back(fmt::format("{} of {}", tensors(count), key));
    else
      unnamed += count;
  }
  if (unnamed > 0) parts.push_back(fmt::format("{} elsewhere", tensors(unnamed)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace bonafide
