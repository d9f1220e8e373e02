#include "base/owned_folder.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

TEST(OwnedFolder, IsFoundAgainByTheSameSettingsOnly) {
  const Scratch scratch;
  const auto folder = scratch / "a" / "results";
  claim_folder(folder, {{"seed", 1}});
  write_atomically(folder / "result.txt", "kept");

  claim_folder(folder, {{"seed", 1}});

  EXPECT_EQ(read_text(folder / "result.txt"), "kept");
  EXPECT_NE(error_text<UsageError>([&] {
              claim_folder(folder, {{"seed", 2}});
            }).find("made with other settings"),
            std::string::npos);
}

TEST(OwnedFolder, KnowsSettingsHoweverTheyAreLaidOut) {
  const Scratch scratch;
  write_atomically(scratch / "settings.json", "{\"seed\":1}\n");

  EXPECT_NO_THROW(claim_folder(scratch / "", {{"seed", 1}}));
}

TEST(OwnedFolder, IsNoFolderWithOtherFiles) {
  const Scratch scratch;
  write_atomically(scratch / "mine.txt", "mine");

  EXPECT_NE(error_text<UsageError>([&] {
              claim_folder(scratch / "", {{"seed", 1}});
            }).find("holds other files"),
            std::string::npos);
  EXPECT_NE(
      error_text<Error>([&] { claim_folder(scratch / "mine.txt" / "x", {}); }).find("mine.txt"),
      std::string::npos);
}

}  // namespace
}  // namespace bonafide
