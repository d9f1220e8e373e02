#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "base/json.h"
#include "metrics/tandem_eer.h"

namespace bonafide {

// A normal distribution over (ASV score, CM score).
struct ScoreGaussian {
  std::array<double, 2> mean{};
  std::array<std::array<double, 2>, 2> covariance{};

  static ScoreGaussian fit(const TandemScores::Pair& scores);
  double log_density(double asv, double cm) const;
};

// The score fusion of the ASVspoof 5 organisers (Tool-score-fusion): Gaussians of the three classes
// give two log-likelihood ratios, each calibrated by logistic regression, which are then added or
// joined by the prevalence rho of spoofing,
// s = -ln((1 - rho) exp(-llr_asv) + rho exp(-llr_cm)).
//
// Its calibration weighs the classes by their shares and then takes their logit off once, which
// leaves one logit in the bias; kept, as published results come from it.
class SasvFusion {
 public:
  // `linear`: add the ratios. Otherwise rho is searched on these trials for the least SASV-EER.
  static SasvFusion fit(const TandemScores& scores, bool linear);

  struct Ratios {
    double asv = 0;
    double cm = 0;
  };
  Ratios raw_ratios(double asv, double cm) const;
  Ratios ratios(double asv, double cm) const;  // calibrated
  double operator()(double asv, double cm) const;

  struct Affine {
    double scale = 1;
    double bias = 0;

    double operator()(double x) const { return scale * x + bias; }
  };
  const ScoreGaussian& target() const { return target_; }
  const ScoreGaussian& nontarget() const { return nontarget_; }
  const ScoreGaussian& spoof() const { return spoof_; }
  const Affine& asv_calibration() const { return asv_; }
  const Affine& cm_calibration() const { return cm_; }
  std::optional<double> rho() const { return rho_; }

  Json to_json() const;
  // Throws Error for what is missing or impossible.
  static SasvFusion from_json(const Json& json);

 private:
  double fuse(const Ratios& ratios, std::optional<double> rho) const;
  void search_rho(const TandemScores& scores);

  ScoreGaussian target_;
  ScoreGaussian nontarget_;
  ScoreGaussian spoof_;
  Affine asv_;
  Affine cm_;
  std::optional<double> rho_;  // none: linear
};

}  // namespace bonafide
