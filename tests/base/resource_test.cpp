#include "base/resource.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace bonafide
