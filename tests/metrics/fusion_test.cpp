#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/json_value.h"
#include "metrics/cllr.h"
#include "metrics/logistic_regression.h"
#include "metrics/pav_calibration.h"
#include "metrics/sasv_fusion.h"
#include "metrics/score_map.h"
#include "metrics/synthetic.h"

namespace bonafide {
namespace {

// Features and labels of two normal classes.
struct Training {
  std::vector<double> features;
  std::vector<uint8_t> positive;

  void add(const std::vector<double>& scores, bool is_positive) {
    features.insert(features.end(), scores.begin(), scores.end());
    positive.insert(positive.end(), scores.size(), is_positive ? 1 : 0);
  }
};

TEST(FitCalibration, FindsTheLikelihoodRatioOfTwoNormals) {
  // N(1, 1) against N(-1, 1): the log-likelihood ratio is 2 s.
  Training training;
  training.add(normal_scores(60000, 1, 1, 1), true);
  training.add(normal_scores(30000, -1, 1, 2), false);

  const LinearMap map = fit_calibration(training.features, training.positive, 0.5);

  EXPECT_NEAR(map.weights[0], 2, 0.03);
  EXPECT_NEAR(map.bias, 0, 0.03);
}

TEST(FusionRule, FusesWithoutAFit) {
  const std::vector<double> scores = {0.25, 1};
  const std::vector<std::pair<std::string, double>> expected = {
      {"mean", 0.625}, {"max", 1}, {"min", 0.25}, {"root", 0.75}, {"geometric", 0.5}};
  for (const auto& [name, value] : expected) {
    const ScoreMap map(FusionRule(name), 2);
    EXPECT_NEAR(map(scores), value, 1e-15) << name;
    EXPECT_NEAR(ScoreMap::from_json(map.to_json())(scores), value, 1e-15) << name;
  }
  EXPECT_EQ(FusionRule("geometric")(std::vector<double>{0, 1}), 0);
  EXPECT_THROW(FusionRule("root")(std::vector<double>{-1, 1}), Error);
  EXPECT_THROW(FusionRule("median"), Error);
  EXPECT_THROW(ScoreMap::from_json({{"kind", "mean"}, {"inputs", 0}}), Error);
}

TEST(FitCalibration, UndoesAnAffineMap) {
  Training straight;
  straight.add(normal_scores(300, 1, 1, 3), true);
  straight.add(normal_scores(200, -1, 1, 4), false);
  Training mapped = straight;
  for (double& x : mapped.features) x = 3 * x - 7;

  const LinearMap a = fit_calibration(straight.features, straight.positive, 0.1);
  const LinearMap b = fit_calibration(mapped.features, mapped.positive, 0.1);

  EXPECT_NEAR(b.weights[0], a.weights[0] / 3, 1e-9);
  EXPECT_NEAR(b.bias, a.bias + 7 * a.weights[0] / 3, 1e-9);
}

TEST(FitCalibration, WeighsTwoSystems) {
  // The second system says nothing.
  const auto bona_fide = normal_scores(5000, 1, 1, 5);
  const auto spoof = normal_scores(5000, -1, 1, 6);
  const auto noise = normal_scores(10000, 0, 1, 7);
  Training training;
  for (size_t i = 0; i < 5000; ++i) training.add({bona_fide[i], noise[i]}, true);
  for (size_t i = 0; i < 5000; ++i) training.add({spoof[i], noise[5000 + i]}, false);
  std::vector<uint8_t> positive(10000, 0);
  std::fill(positive.begin(), positive.begin() + 5000, 1);

  const LinearMap map = fit_calibration(training.features, positive, 0.5);

  EXPECT_NEAR(map.weights[0], 2, 0.15);
  EXPECT_NEAR(map.weights[1], 0, 0.1);
}

TEST(FitCalibration, RefusesClassesThatDoNotOverlap) {
  Training training;
  training.add({1, 2, 3}, true);
  training.add({-1, -2}, false);

  EXPECT_THROW(fit_calibration(training.features, training.positive, 0.5), Error);
}

TEST(FitCalibration, RefusesOneClass) {
  Training training;
  training.add({1, 2, 3}, true);

  EXPECT_THROW(fit_calibration(training.features, training.positive, 0.5), Error);
}

TEST(PavCalibration, IsMonotoneAndFinite) {
  const Ranking ranking(normal_scores(100, 1, 1, 8), normal_scores(150, -1, 1, 9));

  const PavCalibration map = PavCalibration::fit(ranking);

  double last = map(-100);
  EXPECT_TRUE(std::isfinite(last));
  for (double s = -5; s <= 5; s += 0.01) {
    EXPECT_GE(map(s), last);
    last = map(s);
  }
  EXPECT_TRUE(std::isfinite(map(100)));
}

TEST(PavCalibration, ComesNearTheLeastCllr) {
  const auto bona_fide = normal_scores(2000, 1, 1, 10);
  const auto spoof = normal_scores(3000, -1, 1, 11);
  const Ranking ranking(bona_fide, spoof);
  const PavCalibration map = PavCalibration::fit(ranking);
  const auto mapped = [&](std::vector<double> scores) {
    for (double& s : scores) s = map(s);
    return scores;
  };

  EXPECT_NEAR(cllr(mapped(bona_fide), mapped(spoof)), min_cllr(ranking), 0.01);
}

TEST(SasvFusion, DoesNotOverflow) {
  const auto tar_asv = normal_scores(100, 0.7, 0.1, 12);
  const auto tar_cm = normal_scores(100, 5, 1, 13);
  const auto non_asv = normal_scores(100, 0.1, 0.1, 14);
  const auto non_cm = normal_scores(100, 5, 1, 15);
  const auto spf_asv = normal_scores(100, 0.5, 0.2, 16);
  const auto spf_cm = normal_scores(100, -5, 1, 17);

  const SasvFusion fusion =
      SasvFusion::fit({{tar_asv, tar_cm}, {non_asv, non_cm}, {spf_asv, spf_cm}}, /*linear=*/false);

  EXPECT_TRUE(std::isfinite(fusion(50, 50)));
  EXPECT_TRUE(std::isfinite(fusion(-50, -50)));
  EXPECT_GT(fusion(0.7, 5), fusion(0.1, 5));
  EXPECT_GT(fusion(0.7, 5), fusion(0.7, -5));
}

class StoredMap : public testing::TestWithParam<int> {
 protected:
  static ScoreMap make(int which) {
    const auto a = normal_scores(50, 1, 1, 18);
    const auto b = normal_scores(50, -1, 1, 19);
    if (which == 0) return ScoreMap(LinearMap{{2.5}, -1}, 0.3);
    if (which == 1) return ScoreMap(LinearMap{{2.5, 0.5}, -1}, 0.3);
    if (which == 2) return ScoreMap(PavCalibration::fit(Ranking(a, b)));
    return ScoreMap(SasvFusion::fit({{a, a}, {b, a}, {a, b}}, which == 3));
  }
};

TEST_P(StoredMap, GivesTheSameScores) {
  const ScoreMap map = make(GetParam());

  const ScoreMap stored = ScoreMap::from_json(Json::parse(map.to_json().dump()));

  ASSERT_EQ(stored.inputs(), map.inputs());
  const std::vector<double> scores = {0.3, -0.2};
  EXPECT_EQ(stored(std::span(scores).first(map.inputs())),
            map(std::span(scores).first(map.inputs())));
}

INSTANTIATE_TEST_SUITE_P(Kinds, StoredMap, testing::Range(0, 5));

class BrokenMaps : public testing::TestWithParam<const char*> {};

TEST_P(BrokenMaps, AreRefused) {
  EXPECT_THROW(ScoreMap::from_json(Json::parse(GetParam())), Error);
}

INSTANTIATE_TEST_SUITE_P(Texts, BrokenMaps,
                         testing::Values("{}", "[]", R"({"kind": "magic"})",
                                         R"({"kind": "affine", "scale": "x"})",
                                         R"({"kind": "linear", "weights": [], "bias": 0})",
                                         R"({"kind": "pav", "scores": [2, 1], "llrs": [0, 1]})",
                                         R"({"kind": "pav", "scores": [1], "llrs": []})",
                                         R"({"kind": "asvspoof5", "target": {"mean": [0, 0]}})"));

}  // namespace
}  // namespace bonafide
