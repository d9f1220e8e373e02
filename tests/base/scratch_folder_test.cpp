#include "base/scratch_folder.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "scratch.h"

namespace bonafide {
namespace {

TEST(ScratchFolder, IsGoneWithItsFilesInTheEnd) {
  const Scratch scratch;
  std::filesystem::path own;
  {
    const ScratchFolder named(scratch / "work");
    const ScratchFolder unnamed;
    own = unnamed.path();
    write_atomically(named.file("x"), "1");
    write_atomically(unnamed.file("x"), "2");
    EXPECT_TRUE(std::filesystem::exists(scratch / "work" / "x"));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "work"));
  EXPECT_FALSE(std::filesystem::exists(own));
}

}  // namespace
}  // namespace bonafide
