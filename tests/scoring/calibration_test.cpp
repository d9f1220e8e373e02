#include "scoring/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "error_text.h"
#include "metrics/score_map.h"
#include "scratch.h"

namespace bonafide {
namespace {

TEST(Calibration, IsAffineInTheScore) {
  const Calibration calibration{.scale = 2, .bias = -1};

  EXPECT_DOUBLE_EQ(calibration.llr(3), 5);
}

TEST(Calibration, GivesThePriorForAnLlrOfZero) {
  EXPECT_DOUBLE_EQ(Calibration{.prior = 0.2}.probability(0), 0.2);
}

TEST(Calibration, FollowsBayes) {
  // Odds 1:3 times a likelihood ratio of 9 are odds 3:1.
  EXPECT_DOUBLE_EQ(Calibration{.prior = 0.25}.probability(std::log(9)), 0.75);
}

TEST(Calibration, StaysAProbabilityForAnyLlr) {
  EXPECT_EQ(Calibration().probability(1e6), 1);
  EXPECT_EQ(Calibration().probability(-1e6), 0);
}

TEST(Calibration, GivesNoVerdictNearZero) {
  const Calibration calibration{.inconclusive_llr = 1};

  EXPECT_EQ(calibration.verdict(0.99), Verdict::kInconclusive);
  EXPECT_EQ(calibration.verdict(1), Verdict::kBonaFide);
  EXPECT_EQ(calibration.verdict(-1), Verdict::kSpoof);
}

TEST(Calibration, SurvivesJson) {
  const Calibration written{.scale = 0.7, .bias = -2, .prior = 0.1, .inconclusive_llr = 0};

  const Calibration read = Calibration::from_json(written.to_json());

  EXPECT_EQ(read.to_json(), written.to_json());
}

TEST(Calibration, TakesTheMonotoneMapOfAFusionFile) {
  const PavCalibration map =
      PavCalibration::fit(Ranking(std::vector{1.0, 2.0, 3.0}, std::vector{0.0, 1.5}));
  const Json fitted = ScoreMap(map, 0.3).to_json();

  const Calibration calibration = Calibration::from_json(fitted);

  EXPECT_EQ(calibration.llr(1.2), map(1.2));
  EXPECT_EQ(calibration.prior, 0.3);
  EXPECT_EQ(Calibration::from_json(calibration.to_json()).to_json(), calibration.to_json());
}

TEST(Calibration, TakesTheAffineMapOfAFusionFile) {
  const ScoreMap map(LinearMap{{2.0}, -1.0}, 0.5);

  EXPECT_DOUBLE_EQ(Calibration::from_json(map.to_json()).llr(3), 5);
}

TEST(Calibration, RefusesAMapOfSeveralScores) {
  const ScoreMap map(LinearMap{{2.0, 1.0}, -1.0}, 0.5);

  EXPECT_THROW(Calibration::from_json(map.to_json()), Error);
}

TEST(Calibration, RefusesJsonThatMakesNoSense) {
  Json good = Calibration().to_json();
  const auto with = [&](const char* key, const Json& value) {
    Json json = good;
    json[key] = value;
    return json;
  };
  Json incomplete = good;
  incomplete.erase("bias");

  EXPECT_THROW(Calibration::from_json(incomplete), Error);
  EXPECT_THROW(Calibration::from_json(Json()), Error);
  EXPECT_THROW(Calibration::from_json(with("scale", "1")), Error);
  EXPECT_THROW(Calibration::from_json(with("scale", 0)), Error);
  EXPECT_THROW(Calibration::from_json(with("prior", 1)), Error);
  EXPECT_THROW(Calibration::from_json(with("inconclusive_llr", -1)), Error);
  EXPECT_THROW(Calibration::from_json(with("bias", std::numeric_limits<double>::infinity())),
               Error);
}

TEST(ReadCalibration, NamesWhatAFileReallyIs) {
  const Scratch folder;
  const auto path = folder / "calibration.json";
  write_atomically(path, "version https://git-lfs.github.com/spec/v1\noid sha256:" +
                             std::string(64, 'a') + "\nsize 12\n");

  const std::string message = error_text<UsageError>([&] { read_calibration(path); });

  EXPECT_NE(message.find("a Git LFS pointer"), std::string::npos) << message;
}

}  // namespace
}  // namespace bonafide
