#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace bonafide {

// A file of the repository that travels inside the program.
struct Resource {
  std::string_view name;  // path in the repository, "recipes/aasist.yaml"
  std::string_view bytes;
};

const std::vector<Resource>& resources();

std::optional<std::string_view> find_resource(std::string_view name);

}  // namespace bonafide
