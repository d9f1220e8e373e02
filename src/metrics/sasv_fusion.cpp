#include "metrics/sasv_fusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "metrics/eer.h"
#include "metrics/logistic_regression.h"

namespace bonafide {

namespace {

double determinant(const ScoreGaussian& g) {
  return g.covariance[0][0] * g.covariance[1][1] - g.covariance[0][1] * g.covariance[1][0];
}

SasvFusion::Affine fit_affine(const std::vector<double>& x, const std::vector<uint8_t>& positive) {
  const auto positives = static_cast<double>(std::count(positive.begin(), positive.end(), 1));
  const double prior = positives / static_cast<double>(positive.size());
  const LinearMap map =
      fit_logistic(x, positive, {.positive_weight = prior, .negative_weight = 1 - prior, .l2 = 1});
  return {map.weights[0], map.bias - std::log(prior / (1 - prior))};
}

Json to_json(const ScoreGaussian& g) { return {{"mean", g.mean}, {"covariance", g.covariance}}; }

Json to_json(const SasvFusion::Affine& a) { return {{"scale", a.scale}, {"bias", a.bias}}; }

double finite(const Json& json, const char* key) {
  const double value = json.at(key).get<double>();
  if (!std::isfinite(value)) throw Error(fmt::format("fusion: {} is not finite", key));
  return value;
}

ScoreGaussian gaussian_from_json(const Json& json) {
  ScoreGaussian g;
  json.at("mean").get_to(g.mean);
  json.at("covariance").get_to(g.covariance);
  if (!(determinant(g) > 0) || !(g.covariance[0][0] > 0)) {
    throw Error("fusion: a covariance is not positive definite");
  }
  return g;
}

}  // namespace

ScoreGaussian ScoreGaussian::fit(const TandemScores::Pair& scores) {
  constexpr double kFloor = 1e-6;  // on the diagonal, as in scikit-learn's mixtures
  const size_t n = scores.asv.size();
  if (n == 0 || scores.cm.size() != n) {
    throw Error("fusion needs ASV and CM scores of target, nontarget and spoof trials");
  }
  ScoreGaussian g;
  for (size_t i = 0; i < n; ++i) {
    g.mean[0] += scores.asv[i];
    g.mean[1] += scores.cm[i];
  }
  for (double& m : g.mean) m /= static_cast<double>(n);
  for (size_t i = 0; i < n; ++i) {
    const std::array<double, 2> d = {scores.asv[i] - g.mean[0], scores.cm[i] - g.mean[1]};
    for (size_t a = 0; a < 2; ++a) {
      for (size_t b = 0; b < 2; ++b) g.covariance[a][b] += d[a] * d[b];
    }
  }
  for (size_t a = 0; a < 2; ++a) {
    for (size_t b = 0; b < 2; ++b) g.covariance[a][b] /= static_cast<double>(n);
    g.covariance[a][a] += kFloor;
  }
  return g;
}

double ScoreGaussian::log_density(double asv, double cm) const {
  const double det = determinant(*this);
  const double x = asv - mean[0];
  const double y = cm - mean[1];
  const double distance =
      (covariance[1][1] * x * x - 2 * covariance[0][1] * x * y + covariance[0][0] * y * y) / det;
  return -0.5 * (distance + std::log(det)) - std::log(2 * std::numbers::pi);
}

SasvFusion SasvFusion::fit(const TandemScores& scores, bool linear) {
  SasvFusion fusion;
  fusion.target_ = ScoreGaussian::fit(scores.target);
  fusion.nontarget_ = ScoreGaussian::fit(scores.nontarget);
  fusion.spoof_ = ScoreGaussian::fit(scores.spoof);

  // CM: everything bona fide against spoof; ASV: target against nontarget.
  std::vector<double> asv_ratios;
  std::vector<double> cm_ratios;
  std::vector<uint8_t> is_target;
  std::vector<uint8_t> is_bona_fide;
  const auto add = [&](const TandemScores::Pair& pair, bool bona_fide, bool target) {
    for (size_t i = 0; i < pair.asv.size(); ++i) {
      const Ratios r = fusion.raw_ratios(pair.asv[i], pair.cm[i]);
      cm_ratios.push_back(r.cm);
      is_bona_fide.push_back(bona_fide ? 1 : 0);
      if (!bona_fide) continue;
      asv_ratios.push_back(r.asv);
      is_target.push_back(target ? 1 : 0);
    }
  };
  add(scores.target, true, true);
  add(scores.nontarget, true, false);
  add(scores.spoof, false, false);
  fusion.cm_ = fit_affine(cm_ratios, is_bona_fide);
  fusion.asv_ = fit_affine(asv_ratios, is_target);
  if (!linear) fusion.search_rho(scores);
  return fusion;
}

// Five rounds of ten values; the last best one wins, then the interval's farther end moves to it.
void SasvFusion::search_rho(const TandemScores& scores) {
  constexpr int kRounds = 5;
  constexpr int kValues = 10;
  std::vector<Ratios> target;
  std::vector<Ratios> others;
  const auto add = [&](const TandemScores::Pair& pair, std::vector<Ratios>& list) {
    for (size_t i = 0; i < pair.asv.size(); ++i) list.push_back(ratios(pair.asv[i], pair.cm[i]));
  };
  add(scores.target, target);
  add(scores.nontarget, others);
  add(scores.spoof, others);

  std::vector<double> target_scores(target.size());
  std::vector<double> other_scores(others.size());
  double best = 1;
  double best_rho = 0;
  double low = 0;
  double high = 1;
  for (int round = 0; round < kRounds; ++round) {
    const double step = (high - low) / (kValues - 1);
    for (int i = 0; i < kValues; ++i) {
      const double rho = i == kValues - 1 ? high : low + i * step;
      const auto apply = [&](const Ratios& r) { return fuse(r, rho); };
      std::transform(target.begin(), target.end(), target_scores.begin(), apply);
      std::transform(others.begin(), others.end(), other_scores.begin(), apply);
      const double eer = det_eer(target_scores, other_scores).value;
      if (eer > best) continue;
      best = eer;
      best_rho = rho;
    }
    double& moving = high - best_rho < best_rho - low ? low : high;
    const double other_end = &moving == &low ? high : low;
    moving = best_rho;
    if (other_end == best_rho) break;
  }
  rho_ = best_rho;
}

SasvFusion::Ratios SasvFusion::raw_ratios(double asv, double cm) const {
  const double log_target = target_.log_density(asv, cm);
  return {log_target - nontarget_.log_density(asv, cm), log_target - spoof_.log_density(asv, cm)};
}

SasvFusion::Ratios SasvFusion::ratios(double asv, double cm) const {
  const Ratios raw = raw_ratios(asv, cm);
  return {asv_(raw.asv), cm_(raw.cm)};
}

double SasvFusion::fuse(const Ratios& r, std::optional<double> rho) const {
  if (!rho) return r.asv + r.cm;
  // The larger exponent is taken out, so that nothing overflows.
  const double shift = std::max(-r.asv, -r.cm);
  const double sum = (1 - *rho) * std::exp(-r.asv - shift) + *rho * std::exp(-r.cm - shift);
  return -(std::log(sum) + shift);
}

double SasvFusion::operator()(double asv, double cm) const { return fuse(ratios(asv, cm), rho_); }

Json SasvFusion::to_json() const {
  Json json = {{"kind", "asvspoof5"},
               {"target", bonafide::to_json(target_)},
               {"nontarget", bonafide::to_json(nontarget_)},
               {"spoof", bonafide::to_json(spoof_)},
               {"asv", bonafide::to_json(asv_)},
               {"cm", bonafide::to_json(cm_)}};
  if (rho_) json["rho"] = *rho_;
  return json;
}

SasvFusion SasvFusion::from_json(const Json& json) {
  try {
    SasvFusion fusion;
    fusion.target_ = gaussian_from_json(json.at("target"));
    fusion.nontarget_ = gaussian_from_json(json.at("nontarget"));
    fusion.spoof_ = gaussian_from_json(json.at("spoof"));
    fusion.asv_ = {finite(json.at("asv"), "scale"), finite(json.at("asv"), "bias")};
    fusion.cm_ = {finite(json.at("cm"), "scale"), finite(json.at("cm"), "bias")};
    if (json.contains("rho")) {
      fusion.rho_ = finite(json, "rho");
      if (*fusion.rho_ < 0 || *fusion.rho_ > 1) throw Error("fusion: rho is not a share");
    }
    return fusion;
  } catch (const Json::exception& e) {
    throw Error(fmt::format("fusion: {}", json_fault(e)));
  }
}

}  // namespace bonafide
