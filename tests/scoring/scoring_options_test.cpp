#include "scoring/scoring_options.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"

namespace bonafide {
namespace {

ModelDescription model(const char* input, const char* calibration = "null") {
  ModelDescription description;
  description.name = "small";
  description.input = Json::parse(input);
  description.calibration = Json::parse(calibration);
  return description;
}

std::string reason(const char* input) {
  return error_text([&] { ScoringOptions::of(model(input)); });
}

TEST(ScoringOptions, FollowsTheModel) {
  const auto options =
      ScoringOptions::of(model(R"({"sample_rate": 8000, "samples": 32000})",
                               R"({"scale": 3, "bias": 0, "prior": 0.5, "inconclusive_llr": 1})"));

  EXPECT_EQ(options.sample_rate, 8000);
  EXPECT_EQ(options.samples, 32000U);
  ASSERT_TRUE(options.calibration);
  EXPECT_EQ(options.calibration->scale, 3);
}

TEST(ScoringOptions, HasNoCalibrationWhenTheModelHasNone) {
  EXPECT_FALSE(ScoringOptions::of(model(R"({"sample_rate": 16000, "samples": 1})")).calibration);
}

TEST(ScoringOptions, NamesTheModelWhoseCalibrationMakesNoSense) {
  ModelDescription model;
  model.name = "mine";
  model.input = {{"sample_rate", 16000}, {"samples", 64600}};
  model.calibration = {
      {"kind", "affine"}, {"scale", -1}, {"bias", 0}, {"prior", 0.5}, {"inconclusive_llr", 1}};

  EXPECT_NE(error_text([&] { ScoringOptions::of(model); }).find("model mine: calibration"),
            std::string::npos);
}

TEST(ScoringOptions, RefusesAnInputThatMakesNoSense) {
  EXPECT_EQ(reason(R"({"sample_rate": 16000, "samples": 0})"),
            "model small: input.samples is 0; expected an integer from 1 to 16777216");
  EXPECT_EQ(reason(R"({"sample_rate": "x", "samples": 1})"),
            "model small: input.sample_rate is \"x\"; expected an integer from 4000 to 768000");
  EXPECT_EQ(reason("null"),
            "model small: input.sample_rate is null; expected an integer from 4000 to 768000");
}

}  // namespace
}  // namespace bonafide
