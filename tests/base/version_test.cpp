#include "base/version.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"

namespace bonafide {
namespace {

TEST(Version, IsTheSameInCMakeAndInTheProgram) {
  const std::string cmake =
      read_text(std::filesystem::path(BONAFIDE_SOURCE_DIR) / "CMakeLists.txt");

  EXPECT_NE(cmake.find(fmt::format("project(bonafide VERSION {} ", kVersion)), std::string::npos);
}

}  // namespace
}  // namespace bonafide
