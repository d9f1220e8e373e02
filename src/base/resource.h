#pragma once

#include <optional>
#include <string>
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

// The files of one folder and ending, by what stands between them: "recipes/", ".yaml" and
// "same/exp5".
class ResourceFolder {
 public:
  constexpr ResourceFolder(std::string_view folder, std::string_view ending)
      : folder_(folder), ending_(ending) {}

  std::string_view ending() const { return ending_; }
  std::string path(std::string_view name) const;
  std::vector<std::string> names() const;  // in the order of the alphabet

 private:
  std::string_view folder_;
  std::string_view ending_;
};

inline constexpr ResourceFolder kRecipes("recipes/", ".yaml");
inline constexpr ResourceFolder kModels("models/", ".safetensors");

}  // namespace bonafide
