#include "checkpoint/conv_layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error_text.h"

namespace bonafide {
namespace {

using testing::HasSubstr;

TEST(ConvLayers, ReadsTheExpressionsOfPublishedEncoders) {
  const std::vector<ConvLayerShape> expected = {{512, 10, 5}, {512, 3, 2}, {512, 3, 2}, {512, 3, 2},
                                                {512, 3, 2},  {512, 2, 2}, {512, 2, 2}};

  EXPECT_EQ(read_conv_layers("[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] + [(512,2,2)]"),
            expected);
  EXPECT_EQ(read_conv_layers("[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2"), expected);
}

TEST(ConvLayers, ReadsListsOfSeveralAndBlanksAnywhere) {
  const std::vector<ConvLayerShape> expected = {{1, 2, 3}, {4, 5, 6}, {1, 2, 3}, {4, 5, 6}};

  EXPECT_EQ(read_conv_layers(" [ (1 ,2, 3) ,( 4,5,6 ), ] *  2 "), expected);
}

TEST(ConvLayers, RefusesWhatIsNoSuchExpressionAndShowsThePlace) {
  const auto refusal = [](const char* text) { return error_text([&] { read_conv_layers(text); }); };

  EXPECT_THAT(refusal(""), HasSubstr("expected \"[\""));
  EXPECT_THAT(refusal("[(512, 10)]"), HasSubstr("expected \",\" at \")]\""));
  EXPECT_THAT(refusal("[(512, 0, 5)]"), HasSubstr("a whole number from 1"));
  EXPECT_THAT(refusal("[(512, 10, 5)] * n"), HasSubstr("a whole number from 1"));
  EXPECT_THAT(refusal("[(512, 10, 5)]; import os"), HasSubstr("at \"; import os\""));
  EXPECT_THAT(refusal("[]"), HasSubstr("expected \"(\""));
  EXPECT_THAT(refusal("[(1, 2, 3)] * 65536"), HasSubstr("more than 32 convolutions"));
}

}  // namespace
}  // namespace bonafide
