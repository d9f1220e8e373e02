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
constexpr std::array<std::string_view, 14> kDerived = {
    "ema",     "swa",       "avg",   "average", "averaged", "averager", "shadow",
    "teacher", "optimizer", "optim", "exp",     "grad",     "grads",    "polyak"};
constexpr size_t kShown = 3;

template <size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_numbered(std::string_view set) {
  const auto parts = split(set, '.');
  return std::any_of(parts.begin(), parts.end(),
                     [](std::string_view part) { return parse_integer(part).has_value(); });
}

std::string tensors(size_t count) {
  return fmt::format("{} tensor{}", count, count == 1 ? "" : "s");
}

std::string first_names(const std::vector<std::string>& names) {
  const std::vector<std::string> shown(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, names.size())));
  return fmt::format("{}{}", fmt::join(shown, ", "), names.size() > kShown ? ", ..." : "");
}

}  // namespace

std::string called(std::string_view prefix) {
  if (prefix.empty()) return ".";
  return printable(prefix.substr(0, prefix.size() - (prefix.ends_with('.') ? 1 : 0)));
}

bool is_called(std::string_view prefix, size_t dictionary, std::string_view set) {
  const auto begins = [&](std::string_view name) {
    return name.starts_with(set) && (name.size() == set.size() || name[set.size()] == '.');
  };
  if (set.empty() || set == ".") return prefix.empty();
  return begins(prefix) || begins(prefix.substr(std::min(dictionary, prefix.size())));
}

bool is_derived(std::string_view prefix) {
  std::string words = lower(prefix);
  std::replace(words.begin(), words.end(), '_', '.');
  const auto parts = split(words, '.');
  return std::any_of(parts.begin(), parts.end(),
                     [](std::string_view part) { return is_one_of(part, kDerived); });
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
    const std::string key = printable(tensor->name.substr(0, tensor->name.find('.')), 40);
    if (elsewhere.empty() || elsewhere.back().first != key) elsewhere.emplace_back(key, 0);
    ++elsewhere.back().second;
  }
  std::vector<std::string> parts;
  if (!beside.empty()) {
    parts.push_back(
        fmt::format("{} beside them ({})", tensors(beside.size()), first_names(beside)));
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
