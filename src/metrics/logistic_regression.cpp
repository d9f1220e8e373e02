#include "metrics/logistic_regression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "metrics/softplus.h"

namespace bonafide {

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// Solves the symmetric positive definite system `matrix` (row after row) x = `right` by Cholesky;
// false when it is not positive definite.
bool solve(std::vector<double> matrix, std::vector<double>& right) {
  const size_t n = right.size();
  const auto at = [&](size_t i, size_t j) -> double& { return matrix[i * n + j]; };
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = at(i, j);
      for (size_t k = 0; k < j; ++k) sum -= at(i, k) * at(j, k);
      if (i == j) {
        if (!(sum > 0)) return false;
        at(i, i) = std::sqrt(sum);
      } else {
        at(i, j) = sum / at(j, j);
      }
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) right[i] -= at(i, k) * right[k];
    right[i] /= at(i, i);
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) right[i] -= at(k, i) * right[k];
    right[i] /= at(i, i);
  }
  return true;
}

// The loss as a function of (weights..., bias).
class Objective {
 public:
  Objective(std::span<const double> features, std::span<const uint8_t> positive,
            const LogisticOptions& options)
      : features_(features),
        positive_(positive),
        options_(options),
        inputs_(features.size() / positive.size()) {}

  size_t parameters() const { return inputs_ + 1; }

  double value(const std::vector<double>& theta) const {
    double sum = 0;
    for (size_t i = 0; i < positive_.size(); ++i) {
      const double s = score(theta, i);
      sum += positive_[i] != 0 ? options_.positive_weight * softplus(-s)
                               : options_.negative_weight * softplus(s);
    }
    for (size_t k = 0; k < inputs_; ++k) sum += 0.5 * options_.l2 * theta[k] * theta[k];
    return sum;
  }

  void derivatives(const std::vector<double>& theta, std::vector<double>& gradient,
                   std::vector<double>& hessian) const {
    const size_t n = parameters();
    gradient.assign(n, 0);
    hessian.assign(n * n, 0);
    std::vector<double> x(n, 1);
    for (size_t i = 0; i < positive_.size(); ++i) {
      const bool is_positive = positive_[i] != 0;
      const double weight = is_positive ? options_.positive_weight : options_.negative_weight;
      const double p = sigmoid(score(theta, i));
      const double slope = weight * (p - (is_positive ? 1 : 0));
      const double curvature = weight * p * (1 - p);
      std::copy_n(features_.begin() + static_cast<std::ptrdiff_t>(i * inputs_), inputs_, x.begin());
      for (size_t a = 0; a < n; ++a) {
        gradient[a] += slope * x[a];
        for (size_t b = 0; b < n; ++b) hessian[a * n + b] += curvature * x[a] * x[b];
      }
    }
    for (size_t k = 0; k < inputs_; ++k) {
      gradient[k] += options_.l2 * theta[k];
      hessian[k * n + k] += options_.l2;
    }
  }

 private:
  double score(const std::vector<double>& theta, size_t i) const {
    double s = theta[inputs_] + options_.offset;
    for (size_t k = 0; k < inputs_; ++k) s += theta[k] * features_[i * inputs_ + k];
    return s;
  }

  std::span<const double> features_;
  std::span<const uint8_t> positive_;
  const LogisticOptions& options_;
  size_t inputs_;
};

void check_classes(std::span<const double> features, std::span<const uint8_t> positive) {
  const auto positives =
      std::count_if(positive.begin(), positive.end(), [](uint8_t p) { return p != 0; });
  if (positives == 0 || positives == static_cast<std::ptrdiff_t>(positive.size())) {
    throw Error("calibration needs trials of both classes");
  }
  if (!std::all_of(features.begin(), features.end(), [](double x) { return std::isfinite(x); })) {
    throw Error("calibration needs finite scores");
  }
}

}  // namespace

double LinearMap::operator()(std::span<const double> x) const {
  return std::inner_product(weights.begin(), weights.end(), x.begin(), bias);
}

LinearMap fit_logistic(std::span<const double> features, std::span<const uint8_t> positive,
                       const LogisticOptions& options) {
  constexpr int kSteps = 200;
  constexpr double kSmallStep = 1e-13;
  check_classes(features, positive);
  const Objective objective(features, positive, options);
  std::vector<double> theta(objective.parameters(), 0);
  std::vector<double> gradient;
  std::vector<double> hessian;
  double value = objective.value(theta);
  for (int step = 0; step < kSteps; ++step) {
    objective.derivatives(theta, gradient, hessian);
    std::vector<double> direction = gradient;
    if (!solve(hessian, direction)) break;
    // Newton's step, halved until it does not go up.
    double length = 1;
    std::vector<double> next(theta.size());
    double next_value = value;
    for (int halving = 0; halving < 60; ++halving, length /= 2) {
      for (size_t k = 0; k < theta.size(); ++k) next[k] = theta[k] - length * direction[k];
      next_value = objective.value(next);
      if (next_value <= value * (1 + 1e-15)) break;
    }
    double moved = 0;
    for (size_t k = 0; k < theta.size(); ++k) {
      moved = std::max(moved, std::abs(next[k] - theta[k]) / std::max(1.0, std::abs(theta[k])));
    }
    theta = next;
    value = next_value;
    if (moved < kSmallStep) {
      LinearMap map{{theta.begin(), theta.end() - 1}, theta.back()};
      return map;
    }
  }
  throw Error(
      "calibration: no single finite map fits: the scores separate the classes without error, are "
      "all equal, or are those of one system twice; other or more trials are needed");
}

LinearMap fit_calibration(std::span<const double> features, std::span<const uint8_t> positive,
                          double prior) {
  if (!(prior > 0 && prior < 1)) {
    throw UsageError(
        fmt::format("calibration: the prior is {}; it must be between 0 and 1", prior));
  }
  const auto positives = static_cast<double>(
      std::count_if(positive.begin(), positive.end(), [](uint8_t p) { return p != 0; }));
  const double negatives = static_cast<double>(positive.size()) - positives;
  return fit_logistic(features, positive,
                      {.positive_weight = prior / positives,
                       .negative_weight = (1 - prior) / negatives,
                       .offset = std::log(prior / (1 - prior))});
}

}  // namespace bonafide
