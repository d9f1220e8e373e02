#include "base/resource.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"

namespace bonafide {
namespace {

TEST(Resources, HoldTheFilesOfTheRepository) {
  const std::filesystem::path root = BONAFIDE_SOURCE_DIR;
  ASSERT_FALSE(resources().empty());

  for (const Resource& resource : resources()) {
    EXPECT_EQ(resource.bytes, read_text(root / resource.name)) << resource.name;
  }
}

TEST(Resources, AreFoundByTheirPath) {
  EXPECT_TRUE(find_resource("recipes/defaults.yaml").has_value());
  EXPECT_EQ(find_resource("recipes/none.yaml"), std::nullopt);
}

TEST(Resources, OfAFolderAreCalledByWhatStandsBetweenFolderAndEnding) {
  const std::vector<std::string> names = kRecipes.names();

  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(std::count(names.begin(), names.end(), "defaults"), 1);
  for (const std::string& name : names) {
    EXPECT_TRUE(find_resource(kRecipes.path(name)).has_value()) << name;
  }
}

}  // namespace
}  // namespace bonafide
