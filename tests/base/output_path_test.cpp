#include "base/output_path.h"

#include <gtest/gtest.h>

#include <array>

#include "base/file.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

TEST(ExpectNoInput, RefusesAnInputByWhateverName) {
  Scratch folder;
  const auto input = folder / "a.csv";
  write_atomically(input, "x");
  std::filesystem::create_symlink(input, folder / "link");
  const std::array inputs = {std::string(), (folder / "none").string(), input.string()};

  EXPECT_NO_THROW(expect_no_input("fuse", "", inputs));
  EXPECT_NO_THROW(expect_no_input("fuse", folder / "none", inputs));
  EXPECT_NO_THROW(expect_no_input("fuse", "/dev/null", inputs));
  for (const char* output : {"a.csv", "link"}) {
    EXPECT_EQ(error_text<UsageError>([&] { expect_no_input("fuse", folder / output, inputs); }),
              "fuse: the output " + (folder / output).string() + " is an input, too");
  }
}

}  // namespace
}  // namespace bonafide
