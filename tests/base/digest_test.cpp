#include "base/digest.h"

#include <gtest/gtest.h>

#include <string_view>

#include "base/file.h"
#include "scratch.h"

namespace bonafide {
namespace {

// FIPS 180-2, appendix B.1, and the well-known digest of nothing.
constexpr std::string_view kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(sha256(std::as_bytes(std::span("abc", 3))), kOfAbc);
  EXPECT_EQ(sha256({}), kOfNothing);
}

TEST(Sha256, ReadsFilesAlsoEmptyOnes) {
  const Scratch scratch;
  write_atomically(scratch / "abc", "abc");
  write_atomically(scratch / "empty", "");

  EXPECT_EQ(sha256_of_file(scratch / "abc"), kOfAbc);
  EXPECT_EQ(sha256_of_file(scratch / "empty"), kOfNothing);
}

}  // namespace
}  // namespace bonafide
