#include "base/look_alike.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

TEST(LookAlikeKey, IsTheSameForNamesOfAnotherCaseOrUnicodeForm) {
  EXPECT_EQ(look_alike_key("A-1.WAV"), look_alike_key("a-1.wav"));
  EXPECT_EQ(look_alike_key("gr\u00f6\u00dfe.wav"), look_alike_key("gro\u0308\u00dfe.wav"));
  EXPECT_EQ(look_alike_key("\u1ec7x"), look_alike_key("e\u0323\u0302x"));
  EXPECT_EQ(look_alike_key("\u304c.wav"), look_alike_key("\u304b\u3099.wav"));
}

TEST(LookAlikeKey, DiffersForOtherNames) {
  EXPECT_NE(look_alike_key("a.wav"), look_alike_key("a.flac"));
  EXPECT_NE(look_alike_key("\u00e9.wav"), look_alike_key("e.wav"));
  EXPECT_NE(look_alike_key("a1"), look_alike_key("a01"));
}

}  // namespace
}  // namespace bonafide
