#include "evaluation/reference_condition.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

using Draw = ReferenceRules::Draw;
using Kind = ReferenceSound::Kind;

TEST(ReferenceCondition, IsMadeOfWordsInAnyOrder) {
  const auto condition = parse_condition("snr:-5.5+other_speaker+seconds:2+zero");

  EXPECT_EQ(condition.draw, Draw::kOtherSpeaker);
  EXPECT_EQ(condition.sound.kind, Kind::kNoisy);
  EXPECT_EQ(condition.sound.snr, -5.5);
  EXPECT_EQ(condition.sound.seconds, 2);
  EXPECT_EQ(condition.network, "zero");
  EXPECT_EQ(condition.name, "snr:-5.5+other_speaker+seconds:2+zero");
}

TEST(ReferenceCondition, LeavesToTheRecipeWhatItDoesNotSay) {
  const auto condition = parse_condition("silence");

  EXPECT_FALSE(condition.draw.has_value());
  EXPECT_TRUE(condition.network.empty());
  EXPECT_EQ(parse_condition("matched").draw, Draw::kSpeaker);
  EXPECT_EQ(parse_condition("listed").draw, Draw::kListed);
  EXPECT_EQ(parse_condition("noise").sound.kind, Kind::kNoise);
  for (const std::string network : {"zero", "self", "none"}) {
    EXPECT_EQ(parse_condition(network).network, network);
  }
}

TEST(ReferenceCondition, RefusesWhatMakesNoSense) {
  for (const std::string text : {"", "match", "matched+", "snr:", "snr:loud", "snr:nan", "snr:1e9",
                                 "seconds:0", "seconds:-1", "seconds:inf", "seconds:1e9"}) {
    EXPECT_THROW(parse_condition(text), UsageError) << text;
  }
  for (const std::string text : {"silence+noise", "matched+listed", "zero+self", "snr:1+snr:2"}) {
    EXPECT_NE(error_text<UsageError>([&] { parse_condition(text); }).find("two words of one kind"),
              std::string::npos)
        << text;
  }
}

TEST(ReferenceConditions, ComeFromTheRecipeOnceEach) {
  const auto conditions =
      conditions_of(Recipe::parse("reference: {conditions: [matched, snr:10]}", "test", {}));
  ASSERT_EQ(conditions.size(), 2U);
  EXPECT_EQ(conditions[1].sound.snr, 10);
  EXPECT_TRUE(conditions_of(Recipe::parse("{}", "test", {})).empty());

  const auto twice = Recipe::parse("reference: {conditions: [zero, zero]}", "test", {});
  EXPECT_THROW(conditions_of(twice), UsageError);
}

}  // namespace
}  // namespace bonafide
