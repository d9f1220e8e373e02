#include "metrics/decisions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {
namespace {

TEST(Decisions, AcceptTheScoreAtTheThreshold) {
  const Decisions d = decide(std::vector{0.0, 1.0, 2.0, 3.0}, std::vector{-1.0, 1.0}, 1);

  EXPECT_EQ(d.bona_fide_accepted, 3u);
  EXPECT_DOUBLE_EQ(d.miss().value(), 0.25);
  EXPECT_DOUBLE_EQ(d.false_alarm().value(), 0.5);
  EXPECT_DOUBLE_EQ(d.accuracy(), 4.0 / 6);
  EXPECT_DOUBLE_EQ(d.balanced_accuracy().value(), 0.625);
}

TEST(Decisions, OfSpoofsAloneHaveNoMissRate) {
  const Decisions d = decide({}, std::vector{0.1, 0.9, 0.8, 0.2}, 0.5);

  EXPECT_FALSE(d.miss());
  EXPECT_FALSE(d.balanced_accuracy());
  EXPECT_DOUBLE_EQ(d.false_alarm().value(), 0.5);
  EXPECT_TRUE(d.to_json().at("bona_fide_rejected").is_null());
}

TEST(Decisions, RefuseNaNAndNothing) {
  EXPECT_THROW(decide({}, {}, 0), Error);
  EXPECT_THROW(decide(std::vector{std::nan("")}, {}, 0), Error);
  EXPECT_THROW(decide(std::vector{1.0}, {}, std::nan("")), Error);
}

}  // namespace
}  // namespace bonafide
