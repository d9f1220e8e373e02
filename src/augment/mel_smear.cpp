#include "augment/mel_smear.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace bonafide {

namespace {

// Cholesky's factor of a symmetric positive definite n x n matrix, in its lower half.
void factorise(std::vector<double>& a, size_t n) {
  for (size_t j = 0; j < n; ++j) {
    for (size_t i = j; i < n; ++i) {
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(sum) : sum / a[j * n + j];
    }
  }
}

// Solves L L' x = b in place.
void solve(const std::vector<double>& lower, size_t n, std::vector<double>& b) {
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) b[i] -= lower[i * n + k] * b[k];
    b[i] /= lower[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) b[i] -= lower[k * n + i] * b[k];
    b[i] /= lower[i * n + i];
  }
}

}  // namespace

MelSmear::MelSmear(size_t bins, int sample_rate, int bands)
    : bins_(bins), bands_(static_cast<size_t>(std::max(0, bands))) {
  if (bands < 1 || bands_ > bins_) {
    throw Error(fmt::format("{} mel bands; 1 to {} are possible", bands, bins_));
  }
  const double nyquist = sample_rate / 2.0;
  const double top = 2595 * std::log10(1 + nyquist / 700);
  const auto edge = [&](size_t i) {
    const double mel = top * static_cast<double>(i) / static_cast<double>(bands_ + 1);
    return 700 * (std::pow(10.0, mel / 2595) - 1);
  };
  there_.resize(bands_ * bins_);
  for (size_t b = 0; b < bands_; ++b) {
    for (size_t k = 0; k < bins_; ++k) {
      const double f = nyquist * static_cast<double>(k) / static_cast<double>(bins_ - 1);
      const double up = (f - edge(b)) / (edge(b + 1) - edge(b));
      const double down = (edge(b + 2) - f) / (edge(b + 2) - edge(b + 1));
      there_[b * bins_ + k] = std::max(0.0, std::min(up, down));
    }
  }
  // The pseudo-inverse of a matrix M of full row rank is M' (M M')^-1.
  std::vector<double> gram(bands_ * bands_);
  for (size_t i = 0; i < bands_; ++i) {
    for (size_t j = 0; j < bands_; ++j) {
      for (size_t k = 0; k < bins_; ++k) {
        gram[i * bands_ + j] += there_[i * bins_ + k] * there_[j * bins_ + k];
      }
    }
  }
  // Narrow bands may share their only bin, or have none; a small ridge stands for the exact rule.
  double trace = 0;
  for (size_t b = 0; b < bands_; ++b) trace += gram[b * bands_ + b];
  for (size_t b = 0; b < bands_; ++b) {
    gram[b * bands_ + b] += 1e-6 * trace / static_cast<double>(bands_) + 1e-300;
  }
  factorise(gram, bands_);
  back_.resize(bins_ * bands_);
  for (size_t k = 0; k < bins_; ++k) {
    std::vector<double> column(bands_);
    for (size_t b = 0; b < bands_; ++b) column[b] = there_[b * bins_ + k];
    solve(gram, bands_, column);
    std::copy(column.begin(), column.end(), back_.begin() + static_cast<ptrdiff_t>(k * bands_));
  }
}

void MelSmear::apply(std::span<float> spectrum) const {
  std::vector<double> levels(bands_);
  for (size_t b = 0; b < bands_; ++b) {
    for (size_t k = 0; k < bins_; ++k) levels[b] += there_[b * bins_ + k] * spectrum[k];
  }
  for (size_t k = 0; k < bins_; ++k) {
    double sum = 0;
    for (size_t b = 0; b < bands_; ++b) sum += back_[k * bands_ + b] * levels[b];
    spectrum[k] = static_cast<float>(std::max(0.0, sum));
  }
}

}  // namespace bonafide
