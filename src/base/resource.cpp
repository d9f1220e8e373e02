#include "base/resource.h"

#include <fmt/format.h>

#include <algorithm>

namespace bonafide {

std::optional<std::string_view> find_resource(std::string_view name) {
  for (const Resource& resource : resources()) {
    if (resource.name == name) return resource.bytes;
  }
  return std::nullopt;
}

std::string ResourceFolder::path(std::string_view name) const {
  return fmt::format("{}{}{}", folder_, name, ending_);
}

std::vector<std::string> ResourceFolder::names() const {
  std::vector<std::string> names;
  for (const Resource& resource : resources()) {
    std::string_view name = resource.name;
    if (!name.starts_with(folder_) || !name.ends_with(ending_)) continue;
    name.remove_prefix(folder_.size());
    name.remove_suffix(ending_.size());
    names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace bonafide
