#include "metrics/comparison.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "base/error.h"
#include "base/json_value.h"
#include "metrics/cllr.h"

namespace bonafide {

namespace {

// A figure on all trials and on a resample.
struct Figure {
  std::string name;
  std::function<double(const Ranking&, const PairedScores&)> value;
  Statistic resampled;
};

Figure tandem_figure(std::string name, const TandemWeights& weights) {
  return {
      std::move(name),
      [weights](const Ranking& r, const PairedScores&) { return min_tandem_dcf(r, weights).value; },
      [weights](const WeightedRanking& r) { return weighted_min_tandem_dcf(r, weights); }};
}

std::vector<Figure> figures(const DetectorOptions& options, bool finite) {
  const EerVariant variant = options.eer;
  const DetectionCosts costs = options.costs;
  std::vector<Figure> list;
  list.push_back(
      {"eer",
       [variant](const Ranking& r, const PairedScores&) {
         return equal_error_rate(variant, r).value;
       },
       [variant](const WeightedRanking& r) {
         return variant == EerVariant::kDet
                    ? weighted_det_eer(r)
                    : equal_error_rate(variant, r.ranking().with_copies(r.copies())).value;
       }});
  list.push_back(
      {"min_dcf",
       [costs](const Ranking& r, const PairedScores&) { return min_dcf(r, costs).value; },
       [costs](const WeightedRanking& r) { return weighted_min_dcf(r, costs); }});
  if (!finite) return list;
  list.push_back({"cllr_bits",
                  [](const Ranking&, const PairedScores& s) { return cllr(s.bona_fide, s.spoof); },
                  weighted_cllr});
  if (options.asv && options.asv->rates && options.asv->rates->spoof_miss) {
    const AsvRates& rates = *options.asv->rates;
    list.push_back(tandem_figure("min_tdcf_legacy", legacy_tandem_weights(rates)));
    list.push_back(tandem_figure("min_tdcf_revised", revised_tandem_weights(rates)));
  }
  return list;
}

// Twice the smaller tail of the resampled differences beyond 0, the observed one counted among
// them.
double two_sided(const std::vector<double>& differences) {
  const auto share = [&](auto beyond) {
    const auto count = std::count_if(differences.begin(), differences.end(), beyond);
    return static_cast<double>(count + 1) / static_cast<double>(differences.size() + 1);
  };
  return std::min(1.0, 2 * std::min(share([](double d) { return d <= 0; }),
                                    share([](double d) { return d >= 0; })));
}

}  // namespace

double sign_test(size_t one, size_t other) {
  const size_t fewer = std::min(one, other);
  const auto n = static_cast<double>(one + other);
  const auto k = static_cast<double>(fewer);
  // P(k of n), and then the terms below it, each from the one before.
  const double log_first =
      std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) - n * std::numbers::ln2;
  double term = 1;
  double sum = 1;
  for (double i = k; i > 0 && term > 1e-18 * sum; --i) {
    term *= i / (n - i + 1);
    sum += term;
  }
  return std::min(1.0, 2 * sum * std::exp(log_first));
}

std::vector<PairedFigure> compare_figures(RankedTrials& first, RankedTrials& second,
                                          const std::vector<ComparedFigure>& figures,
                                          const Resampler& resampler,
                                          const BootstrapOptions& options) {
  std::vector<std::vector<double>> differences(figures.size());
  std::vector<uint32_t> copies(first.ranking().size());
  const size_t resamples = options.resamples > 0 ? options.resamples : BootstrapOptions{}.resamples;
  for (size_t i = 0; i < resamples; ++i) {
    Random random(options.seed, i);
    resampler.draw(random, copies);
    const WeightedRanking a = first.resample(copies);
    const WeightedRanking b = second.resample(copies);
    if (!a.has_all_classes()) continue;
    for (size_t k = 0; k < figures.size(); ++k) {
      differences[k].push_back(figures[k].resampled(a) - figures[k].resampled(b));
    }
  }
  std::vector<PairedFigure> paired;
  for (size_t k = 0; k < figures.size(); ++k) {
    const ComparedFigure& f = figures[k];
    const double p_value = two_sided(differences[k]);
    paired.push_back({f.name, f.first, f.second,
                      percentile_interval(std::move(differences[k]), options.confidence), p_value});
  }
  return paired;
}

// The det threshold rejects its own trial.
double eer_threshold(const Ranking& ranking) {
  return std::nextafter(det_eer(ranking).threshold, std::numeric_limits<double>::infinity());
}

McNemar compare_decisions(const PairedScores& first, double first_threshold,
                          const PairedScores& second, double second_threshold) {
  McNemar test;
  test.first_threshold = first_threshold;
  test.second_threshold = second_threshold;
  const auto count = [&](std::span<const double> one, std::span<const double> other,
                         bool accept_is_right) {
    for (size_t i = 0; i < one.size(); ++i) {
      const bool first_right = (one[i] >= first_threshold) == accept_is_right;
      const bool second_right = (other[i] >= second_threshold) == accept_is_right;
      test.only_first += first_right && !second_right ? 1 : 0;
      test.only_second += second_right && !first_right ? 1 : 0;
    }
  };
  count(first.bona_fide, second.bona_fide, true);
  count(first.spoof, second.spoof, false);
  test.p_value = sign_test(test.only_first, test.only_second);
  return test;
}

Comparison compare_detectors(const PairedScores& first, const PairedScores& second,
                             const DetectorOptions& options, const TrialSpeakers& speakers,
                             std::optional<double> threshold) {
  if (first.bona_fide.size() != second.bona_fide.size() ||
      first.spoof.size() != second.spoof.size()) {
    throw Error("a comparison needs the same trials of both systems");
  }
  RankedTrials one({{"bona fide", first.bona_fide}, {"spoof", first.spoof}});
  RankedTrials other({{"bona fide", second.bona_fide}, {"spoof", second.spoof}});
  if (one.ranking().has_nan() || other.ranking().has_nan()) throw Error("scores hold NaN");

  std::vector<uint8_t> classes(first.bona_fide.size(), 0);
  classes.resize(one.ranking().size(), 1);
  const auto resampler = make_resampler(options.resampling, classes, speakers);
  std::vector<ComparedFigure> compared;
  const bool finite = !one.ranking().has_infinity() && !other.ranking().has_infinity();
  for (const Figure& figure : figures(options, finite)) {
    compared.push_back({figure.name, figure.value(one.ranking(), first),
                        figure.value(other.ranking(), second), figure.resampled});
  }
  return {compare_figures(one, other, compared, *resampler,
                          {options.resamples, options.confidence, options.seed}),
          compare_decisions(first, threshold.value_or(eer_threshold(one.ranking())), second,
                            threshold.value_or(eer_threshold(other.ranking())))};
}

Json Comparison::to_json() const {
  Json json = Json::object();
  for (const PairedFigure& figure : figures) {
    json[figure.name] = {{"first", figure.first},
                         {"second", figure.second},
                         {"difference", figure.first - figure.second},
                         {"low", figure.difference.low},
                         {"high", figure.difference.high},
                         {"resamples", figure.difference.resamples},
                         {"p_value", figure.p_value}};
  }
  json["mcnemar"] = {{"first_threshold", decisions.first_threshold},
                     {"second_threshold", decisions.second_threshold},
                     {"only_first_right", decisions.only_first},
                     {"only_second_right", decisions.only_second},
                     {"p_value", decisions.p_value}};
  return json;
}

}  // namespace bonafide
