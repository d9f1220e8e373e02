#include "metrics/affine_calibration.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace bonafide {
namespace {

std::vector<double> normal_scores(double mean, double deviation, size_t count, uint64_t seed) {
  Random random(seed);
  std::vector<double> scores(count);
  for (double& score : scores) score = mean + deviation * random.normal();
  return scores;
}

// Two normal classes of one variance: llr(s) = (2 m / v) s for means m and -m.
TEST(AffineCalibration, FindsTheLogLikelihoodRatioOfNormalScores) {
  const auto bona_fide = normal_scores(1.5, 2.0, 40000, 1);
  const auto spoof = normal_scores(-1.5, 2.0, 20000, 2);

  const AffineFit fit = fit_affine_calibration(bona_fide, spoof);

  EXPECT_NEAR(fit.scale, 2 * 1.5 / 4.0, 0.02);
  EXPECT_NEAR(fit.bias, 0.0, 0.03);
}

TEST(AffineCalibration, UndoesAnAffineChangeOfTheScores) {
  const auto bona_fide = normal_scores(1.0, 1.0, 500, 1);
  const auto spoof = normal_scores(-1.0, 1.0, 500, 2);
  const AffineFit plain = fit_affine_calibration(bona_fide, spoof);
  std::vector<double> moved_bona_fide, moved_spoof;
  for (const double s : bona_fide) moved_bona_fide.push_back(10 * s + 3);
  for (const double s : spoof) moved_spoof.push_back(10 * s + 3);

  const AffineFit moved = fit_affine_calibration(moved_bona_fide, moved_spoof);

  EXPECT_NEAR(moved.scale * 10, plain.scale, 1e-6);
  EXPECT_NEAR(moved.bias + 3 * moved.scale, plain.bias, 1e-6);
}

TEST(AffineCalibration, StaysFiniteForSeparatedClasses) {
  const AffineFit fit = fit_affine_calibration(std::vector{1.0, 2.0}, std::vector{-1.0, -2.0});

  EXPECT_GT(fit.scale, 0.5);
  EXPECT_LT(fit.scale, 100);
}

TEST(AffineCalibration, RefusesAMissingClassAndWhatIsNoNumber) {
  const std::vector<double> some = {1.0}, none, broken = {std::numeric_limits<double>::quiet_NaN()};

  EXPECT_THROW(fit_affine_calibration(some, none), Error);
  EXPECT_THROW(fit_affine_calibration(some, broken), Error);
}

}  // namespace
}  // namespace bonafide
