#include "metrics/affine_calibration.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "metrics/logistic_regression.h"

namespace bonafide {

namespace {

constexpr double kRidge = 1e-4;

struct Moments {
  double mean = 0;
  double deviation = 1;
};

Moments moments(std::span<const double> a, std::span<const double> b) {
  const double n = static_cast<double>(a.size() + b.size());
  double sum = 0, squares = 0;
  for (const auto& side : {a, b}) {
    for (const double s : side) sum += s;
  }
  const double mean = sum / n;
  for (const auto& side : {a, b}) {
    for (const double s : side) squares += (s - mean) * (s - mean);
  }
  const double deviation = std::sqrt(squares / n);
  return {mean, deviation > 0 ? deviation : 1};
}

}  // namespace

AffineFit fit_affine_calibration(std::span<const double> bona_fide, std::span<const double> spoof,
                                 double prior) {
  if (bona_fide.empty() || spoof.empty()) throw Error("calibration needs scores of both classes");
  for (const auto& side : {bona_fide, spoof}) {
    for (const double s : side) {
      if (!std::isfinite(s)) throw Error("calibration: a score is not finite");
    }
  }
  const Moments m = moments(bona_fide, spoof);
  std::vector<double> standardised;
  std::vector<uint8_t> positive;
  for (const auto& side : {bona_fide, spoof}) {
    for (const double s : side) {
      standardised.push_back((s - m.mean) / m.deviation);
      positive.push_back(side.data() == bona_fide.data() ? 1 : 0);
    }
  }
  LogisticOptions options;
  options.positive_weight = prior / static_cast<double>(bona_fide.size());
  options.negative_weight = (1.0 - prior) / static_cast<double>(spoof.size());
  options.offset = std::log(prior / (1.0 - prior));
  options.l2 = kRidge;
  const LinearMap map = fit_logistic(standardised, positive, options);
  const double scale = map.weights.at(0) / m.deviation;
  return {scale, map.bias - scale * m.mean};
}

}  // namespace bonafide
