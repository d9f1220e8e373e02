#include "report/training_page.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(TrainingPage, ShowsTheBestEpochAndTheCurves) {
  const std::string page = training_page({"aasist: training",
                                          "dev",
                                          {{1, 0.5, 0.2}, {2, 0.3, 0.05}, {3, 0.2, 0.07}},
                                          {{"seed", "7"}}});

  EXPECT_TRUE(has(page, "<svg") && has(page, "dev EER") && has(page, "seed"));
  EXPECT_TRUE(has(page, "5.00 %") && has(page, "epoch 2 of 3")) << page;
  EXPECT_FALSE(has(page, "no estimate"));
}

TEST(TrainingPage, MarksARunThatSelectsOnTheTestData) {
  const std::string page = training_page({"x", "eval", {{1, 0.5, 0.2}}});

  EXPECT_TRUE(has(page, "chosen on the eval part: its EER there is no estimate"));
  EXPECT_TRUE(has(page, "eval EER"));
}

TEST(TrainingPage, StandsARunWithoutAnEpoch) {
  EXPECT_FALSE(has(training_page({"x", "dev", {}}), "nan"));
}

}  // namespace
}  // namespace bonafide
