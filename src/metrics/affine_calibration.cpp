#include "metrics/affine_calibration.h"

#include <cmath>

#include "base/error.h"

namespace bonafide {

namespace {

constexpr double kRidge = 1e-4;
constexpr int kSteps = 100;

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

// Gradient and Hessian of the objective in (scale, bias) over standardised scores.
struct Derivatives {
  double scale = 0, bias = 0;
  double scale_scale = 0, scale_bias = 0, bias_bias = 0;

  void add(std::span<const double> scores, double sign, double weight, const Moments& m,
           const AffineFit& fit, double offset) {
    for (const double score : scores) {
      const double x = (score - m.mean) / m.deviation;
      const double z = fit.scale * x + fit.bias + offset;
      const double p = 1.0 / (1.0 + std::exp(sign * z));  // of the wrong class
      const double slope = -sign * weight * p;
      const double curve = weight * p * (1.0 - p);
      scale += slope * x;
      bias += slope;
      scale_scale += curve * x * x;
      scale_bias += curve * x;
      bias_bias += curve;
    }
  }
};

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
  const double offset = std::log(prior / (1.0 - prior));
  AffineFit fit;  // of the standardised scores
  for (int step = 0; step < kSteps; ++step) {
    Derivatives d;
    d.add(bona_fide, 1.0, prior / static_cast<double>(bona_fide.size()), m, fit, offset);
    d.add(spoof, -1.0, (1.0 - prior) / static_cast<double>(spoof.size()), m, fit, offset);
    d.scale += kRidge * fit.scale;
    d.scale_scale += kRidge;
    d.bias_bias += 1e-12;
    const double determinant = d.scale_scale * d.bias_bias - d.scale_bias * d.scale_bias;
    const double step_scale = (d.scale * d.bias_bias - d.bias * d.scale_bias) / determinant;
    const double step_bias = (d.bias * d.scale_scale - d.scale * d.scale_bias) / determinant;
    // Newton's full step can overshoot where the logistic function is flat.
    const double size = std::hypot(step_scale, step_bias);
    const double shrink = size > 2.0 ? 2.0 / size : 1.0;
    fit.scale -= shrink * step_scale;
    fit.bias -= shrink * step_bias;
    if (size < 1e-12) break;
  }
  return {fit.scale / m.deviation, fit.bias - fit.scale * m.mean / m.deviation};
}

}  // namespace bonafide
