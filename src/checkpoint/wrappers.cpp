#include "checkpoint/wrappers.h"

#include <algorithm>
#include <unordered_map>

namespace bonafide {

namespace {

// Tensors below a module: all, and those inside its wrapper.
struct Count {
  size_t all = 0;
  size_t wrapped = 0;
};

bool is_wrapper(std::string_view part) {
  return std::find(kWrappers.begin(), kWrappers.end(), part) != kWrappers.end();
}

// Calls `visit` with each part of the name behind the first of its set ("fc.", the last one without
// a dot), and where it begins.
template <typename Visit>
void each_inner_part(const StoredTensor& tensor, const Visit& visit) {
  const std::string_view name = tensor.name;
  size_t at = name.find('.', tensor.set);
  while (at != std::string_view::npos && at + 1 < name.size()) {
    const size_t begin = at + 1;
    at = name.find('.', begin);
    visit(name.substr(begin, at == std::string_view::npos ? at : at + 1 - begin), begin);
  }
}

using Counts = std::unordered_map<std::string_view, Count>;  // by the module's name, with its dot

Counts count_wrapped(const StoredWeights& stored) {
  Counts counts;
  for (const StoredTensor& tensor : stored.tensors) {
    each_inner_part(tensor, [&](std::string_view part, size_t begin) {
      if (is_wrapper(part)) ++counts[std::string_view(tensor.name).substr(0, begin)].wrapped;
    });
  }
  if (counts.empty()) return counts;
  for (const StoredTensor& tensor : stored.tensors) {
    each_inner_part(tensor, [&](std::string_view, size_t begin) {
      const auto module = counts.find(std::string_view(tensor.name).substr(0, begin));
      if (module != counts.end()) ++module->second.all;
    });
  }
  return counts;
}

}  // namespace

std::vector<std::string> unwrapped_names(const StoredWeights& stored) {
  const Counts counts = count_wrapped(stored);
  std::vector<std::string> names;
  for (const StoredTensor& tensor : stored.tensors) {
    std::string name = tensor.name.substr(0, tensor.name.find('.', tensor.set));
    if (name.size() < tensor.name.size()) name += '.';
    each_inner_part(tensor, [&](std::string_view part, size_t begin) {
      const auto module = counts.find(std::string_view(tensor.name).substr(0, begin));
      const bool whole = module != counts.end() && module->second.all == module->second.wrapped;
      if (!whole || !is_wrapper(part)) name += part;
    });
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace bonafide
