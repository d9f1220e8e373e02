#include "checkpoint/weight_fit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/text.h"

namespace bonafide {

namespace {

constexpr size_t kMostFits = 30;
constexpr size_t kDeepestPrefix = 16;  // parts of a name
constexpr size_t kNameInMessage = 80;

using ByName = std::unordered_map<std::string_view, size_t>;

ByName by_name(std::span<const WantedTensor> wanted) {
  ByName index;
  for (size_t i = 0; i < wanted.size(); ++i) index.emplace(wanted[i].name, i);
  return index;
}

// Calls `visit` with each way to cut a name into a prefix and the rest: before it and behind dots.
template <typename Visit>
void each_cut(std::string_view name, const Visit& visit) {
  size_t at = 0;
  for (size_t part = 0; part <= kDeepestPrefix && at < name.size(); ++part) {
    visit(name.substr(0, at), name.substr(at));
    const size_t dot = name.find('.', at);
    if (dot == std::string_view::npos) return;
    at = dot + 1;
  }
}

// The prefixes under which the most of the network is there, and the empty one.
std::vector<std::string_view> fullest_prefixes(std::span<const std::string> names,
                                               const ByName& wanted) {
  std::unordered_map<std::string_view, size_t> counts;
  std::vector<std::string_view> prefixes;  // as they appear
  for (const std::string& name : names) {
    each_cut(name, [&](std::string_view prefix, std::string_view rest) {
      if (wanted.contains(rest) && counts[prefix]++ == 0) prefixes.push_back(prefix);
    });
  }
  if (prefixes.empty()) prefixes.emplace_back("");
  std::stable_sort(prefixes.begin(), prefixes.end(),
                   [&](auto a, auto b) { return counts[a] > counts[b]; });
  if (prefixes.size() > kMostFits) prefixes.resize(kMostFits);
  return prefixes;
}

std::string first_part(std::string_view name) {
  return std::string(name.substr(0, name.find('.')));
}

std::string other_shape(const WantedTensor& wanted, const std::vector<int64_t>& given) {
  return fmt::format("{} is [{}], the network has [{}]", printable(wanted.name, kNameInMessage),
                     fmt::join(given, ", "), fmt::join(wanted.shape, ", "));
}

// Takes the tensor `given` of a file for the wanted one of this number.
void take(WeightFit& fit, size_t given, const std::vector<int64_t>& shape, size_t number,
          std::span<const WantedTensor> wanted) {
  fit.taken.emplace_back(given, number);
  if (shape != wanted[number].shape) fit.misshapen.push_back(other_shape(wanted[number], shape));
}

void say_missing(WeightFit& fit, std::span<const WantedTensor> wanted) {
  std::vector<bool> there(wanted.size());
  for (const auto& [given, number] : fit.taken) there[number] = true;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!there[i] && !wanted[i].optional()) fit.missing.push_back(wanted[i].name);
  }
}

// "2 tensors are missing (a, b)", the first few named.
std::string list(const std::vector<std::string>& names, std::string_view trouble) {
  return fmt::format("{} {} {} ({})", names.size(), names.size() == 1 ? "tensor is" : "tensors are",
                     trouble, some_of(names, 3));
}

}  // namespace

std::string WeightFit::why_not() const {
  std::vector<std::string> troubles;
  if (!missing.empty()) troubles.push_back(list(missing, "missing"));
  if (!misshapen.empty()) troubles.push_back(list(misshapen, "of another shape"));
  if (!surplus.empty()) troubles.push_back(list(surplus, "unknown to it"));
  return fmt::format("{}", fmt::join(troubles, ", "));
}

std::vector<WeightFit> find_fits(const StoredWeights& stored, std::span<const std::string> names,
                                 std::span<const WantedTensor> wanted) {
  const ByName index = by_name(wanted);
  std::set<std::string> modules;
  for (const WantedTensor& tensor : wanted) modules.insert(first_part(tensor.name));
  std::vector<WeightFit> fits;
  ByName fit_of_prefix;
  for (const std::string_view prefix : fullest_prefixes(names, index)) {
    fit_of_prefix.emplace(prefix, fits.size());
    fits.emplace_back().prefix = prefix;
  }
  for (size_t i = 0; i < names.size(); ++i) {
    const StoredTensor& tensor = stored.tensors[i];
    each_cut(names[i], [&](std::string_view prefix, std::string_view rest) {
      const auto found = fit_of_prefix.find(prefix);
      if (found == fit_of_prefix.end()) return;
      WeightFit& fit = fits[found->second];
      if (const auto number = index.find(rest); number != index.end()) {
        // What cannot be read says so when it is taken.
        const auto& shape =
            tensor.trouble.empty() ? tensor.tensor.shape : wanted[number->second].shape;
        take(fit, i, shape, number->second, wanted);
      } else if (modules.contains(first_part(rest))) {
        fit.surplus.push_back(printable(rest, kNameInMessage));
      }
    });
  }
  for (WeightFit& fit : fits) say_missing(fit, wanted);
  return fits;
}

WeightFit fit_of(const TensorFile& file, std::span<const WantedTensor> wanted) {
  const ByName index = by_name(wanted);
  WeightFit fit;
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    const auto& [name, tensor] = file.tensors[i];
    if (const auto number = index.find(name); number != index.end()) {
      take(fit, i, tensor.shape, number->second, wanted);
    } else {
      fit.surplus.push_back(printable(name, kNameInMessage));
    }
  }
  say_missing(fit, wanted);
  return fit;
}

}  // namespace bonafide
