#include "parity/detector_cases.h"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "metrics/asvspoof2019_report.h"
#include "metrics/bootstrap.h"
#include "metrics/cllr.h"
#include "metrics/det.h"
#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "metrics/tandem_cost.h"
#include "parity/golden_scores.h"
#include "trials/text_table.h"

namespace bonafide {

namespace {

constexpr double kExact = 1e-15;

using LazyRanking = Lazy<Ranking>;

void check_curve(const std::string& name, const Json& curve, const LazyRanking& ranking,
                 Figures& figures) {
  const auto points = det_curve(ranking());
  Expected expected(name + ".curve", &curve, figures);
  const auto check = [&](const char* key, const char* figure, double DetPoint::*value) {
    const Json* column = expected.given(key);
    for (size_t i = 0; column != nullptr && i < column->size(); ++i) {
      figures.check(fmt::format("{}.curve.{}.{}", name, i, figure), (*column)[i], 0,
                    [&] { return points.at(i).*value; });
    }
  };
  check("frr", "frr", &DetPoint::miss);
  check("far", "far", &DetPoint::false_alarm);
  check("thresholds", "threshold", &DetPoint::threshold);
}

void check_det(const std::string& name, const Json& want, const LazyRanking& ranking,
               Figures& figures) {
  const Lazy<DetPoint> point([&] { return closest_det_point(ranking()); });
  const Lazy<Eer> eer([&] { return det_eer(ranking()); });
  Expected expected(name, &want, figures);
  expected.check("eer", kExact, [&] { return eer().value; });
  expected.check("threshold", kExact, [&] { return eer().threshold; });
  expected.check("index", 0, [&] { return static_cast<double>(point().index); });
  expected.check("frr", kExact, [&] { return point().miss; });
  expected.check("far", kExact, [&] { return point().false_alarm; });
  if (const Json* curve = expected.given("curve")) check_curve(name, *curve, ranking, figures);
}

void check_track1(const std::string& name, const Json& want, const LazyRanking& ranking,
                  std::span<const double> bona_fide, std::span<const double> spoof,
                  Figures& figures) {
  Expected expected(name, &want, figures);
  expected.check("mindcf", kExact, [&] { return min_dcf(ranking()).value; });
  expected.check("mindcf_threshold", kExact, [&] { return min_dcf(ranking()).threshold; });
  expected.check_relative("cllr_bits", 1e-12, [&] { return official_cllr(bona_fide, spoof); });
  expected.check("actdcf", kExact, [&] { return actual_dcf(bona_fide, spoof).value; });
  expected.check("actdcf_threshold", kExact,
                 [&] { return actual_dcf(bona_fide, spoof).threshold; });
}

// The outputs of a verification tool: an EER, its threshold, and VoxCeleb minimum costs.
void check_verification(const std::string& name, const Json& want, EerVariant variant,
                        double tolerance, const LazyRanking& ranking, Figures& figures) {
  const auto eer = [&] { return equal_error_rate(variant, ranking()); };
  const auto cost = [&](std::string_view key) {
    return vox_min_dcf(ranking(), key.substr(0, 10) == "mindcf_p05" ? 0.05 : 0.01);
  };
  for (const auto& [key, value] : want.items()) {
    const std::string figure = name + "." + key;
    if (key == "error") {
      figures.check(figure, want, 0, [&] { return eer().value; });
    } else if (key == "eer") {
      figures.check(figure, value, tolerance, [&] { return eer().value; });
    } else if (key == "eer_percent") {
      figures.check(figure, value, 100 * tolerance, [&] { return 100 * eer().value; });
    } else if (key == "threshold") {
      figures.check_relative(figure, value, tolerance, [&] { return eer().threshold; });
    } else if (key == "mindcf_p05" || key == "mindcf_p01") {
      figures.check(figure, value, tolerance, [&] { return cost(key).value; });
    } else if (key == "mindcf_p05_threshold" || key == "mindcf_p01_threshold") {
      figures.check(figure, value, tolerance, [&] { return cost(key).threshold; });
    } else if (key != "message") {
      figures.uncovered(figure);
    }
  }
}

TandemCosts tandem_costs(const Json& costs, bool legacy) {
  TandemCosts model;
  model.spoof_prior = costs.at("Pspoof").get<double>();
  model.target_prior = costs.at("Ptar").get<double>();
  model.nontarget_prior = costs.at("Pnon").get<double>();
  model.miss_asv = costs.at(legacy ? "Cmiss_asv" : "Cmiss").get<double>();
  model.false_alarm_asv = costs.at(legacy ? "Cfa_asv" : "Cfa").get<double>();
  model.miss_cm = costs.at("Cmiss_cm").get<double>();
  model.false_alarm_cm = costs.at(legacy ? "Cfa_cm" : "Cfa_spoof").get<double>();
  return model;
}

// The speakers of a bootstrap case: trial i of its class belongs to speaker i mod n.
std::vector<uint32_t> cyclic_speakers(size_t bona_fide, size_t spoof, size_t speakers) {
  std::vector<uint32_t> codes;
  for (size_t i = 0; i < bona_fide; ++i) codes.push_back(static_cast<uint32_t>(i % speakers));
  for (size_t i = 0; i < spoof; ++i) codes.push_back(static_cast<uint32_t>(i % speakers));
  return codes;
}

void add_shift(std::vector<double>& scores, const std::vector<double>& shift) {
  for (size_t i = 0; i < scores.size(); ++i) scores[i] += shift[i % shift.size()];
}

void check_asv(Expected& outputs, const Lazy<Eer>& eer, const Lazy<AsvRates>& rates) {
  Expected expected = outputs.part("asv");
  expected.check("eer", 1e-14, [&] { return eer().value; });
  expected.check("threshold", 1e-14, [&] { return eer().threshold; });
  expected.check("Pfa", 1e-14, [&] { return rates().false_alarm; });
  expected.check("Pmiss", 1e-14, [&] { return rates().miss; });
  expected.check("Pmiss_spoof", 1e-14, [&] { return rates().spoof_miss.value(); });
  expected.check("Pfa_spoof", 1e-14, [&] { return rates().spoof_false_alarm.value(); });
}

}  // namespace

void check_detector_outputs(const std::string& name, const Json& outputs,
                            std::span<const double> bona_fide, std::span<const double> spoof,
                            Figures& figures) {
  const LazyRanking ranking([&] { return Ranking(bona_fide, spoof); });
  const auto eer = [&](EerVariant variant) { return equal_error_rate(variant, ranking()); };
  for (const auto& [key, want] : outputs.items()) {
    const std::string figure = name + "." + key;
    if (key == "det_eer") {
      check_det(figure, want, ranking, figures);
    } else if (key == "asvspoof5_track1") {
      check_track1(figure, want, ranking, bona_fide, spoof, figures);
    } else if (key == "brentq_eer") {
      figures.check(figure, want, 1e-11, [&] { return eer(EerVariant::kBrentq).value; });
    } else if (key == "rat_det_curve_eer") {
      figures.check(figure, want, kExact, [&] { return eer(EerVariant::kDetCurve).value; });
    } else if (key == "voxceleb_trainer") {
      check_verification(figure, want, EerVariant::kVox, kExact, ranking, figures);
    } else if (key == "arena") {
      check_verification(figure, want, EerVariant::kArena, 1e-12, ranking, figures);
    } else if (key == "wespeaker") {
      check_verification(figure, want, EerVariant::kWespeaker, 1e-12, ranking, figures);
    } else if (key == "rocch_eer") {
      figures.check(figure, want, 1e-12, [&] { return eer(EerVariant::kRocch).value; });
    } else {
      figures.uncovered(figure);
    }
  }
}

void run_detector_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  check_detector_outputs(name_of_case(golden), golden.at("outputs"),
                         golden_scores(inputs.at("bonafide")), golden_scores(inputs.at("spoof")),
                         figures);
}

void check_tandem_outputs(const std::string& name, const Json& outputs, const Json* costs,
                          std::span<const double> bona_fide, std::span<const double> spoof,
                          std::span<const double> target, std::span<const double> nontarget,
                          std::span<const double> asv_spoof, Figures& figures) {
  const LazyRanking cm([&] { return Ranking(bona_fide, spoof); });
  // The tools have all rates or none.
  const auto need_spoofs = [&] {
    if (asv_spoof.empty()) throw Error("no ASV spoof trials");
  };
  const Lazy<AsvRates> rates([&] {
    need_spoofs();
    return asv_operating_point({target, nontarget, asv_spoof});
  });
  const Lazy<Eer> asv_eer([&] {
    need_spoofs();
    return det_eer(Ranking({{"ASV target", target}, {"ASV nontarget", nontarget}}));
  });
  Expected expected(name, &outputs, figures);
  check_asv(expected, asv_eer, rates);
  for (const char* form : {"legacy_2019", "revised_2021"}) {
    const bool legacy = std::string_view(form) == "legacy_2019";
    const Lazy<TandemWeights> weights([&] {
      const TandemCosts model = costs != nullptr ? tandem_costs(*costs, legacy) : TandemCosts{};
      return legacy ? legacy_tandem_weights(rates(), model)
                    : revised_tandem_weights(rates(), model);
    });
    const auto result = [&] { return min_tandem_dcf(cm(), weights()); };
    Expected cost = expected.part(form);
    cost.check("min_tdcf", 1e-14, [&] { return result().value; });
    if (cost.refused()) continue;
    cost.check("index", 0, [&] { return static_cast<double>(result().index); });
    cost.check("threshold", 1e-14, [&] { return result().threshold; });
    cost.check("C0", 1e-14, [&] { return weights().c0; });
    cost.check("C1", 1e-14, [&] { return weights().c1; });
    cost.check("C2", 1e-14, [&] { return weights().c2; });
  }
}

void run_tandem_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  const Json& asv = inputs.at("asv");
  check_tandem_outputs(name_of_case(golden), golden.at("outputs"), &inputs.at("cost"),
                       golden_scores(inputs.at("cm").at("bonafide")),
                       golden_scores(inputs.at("cm").at("spoof")), golden_scores(asv.at("target")),
                       golden_scores(asv.at("nontarget")), golden_scores(asv.at("spoof")), figures);
}

void check_interval(Expected expected, double point, const Interval& got, Figures& figures) {
  // The tool's own account of its resamples, which are not ours.
  expected.pass_over({"bootstrap_mean", "bootstrap_std"});
  expected.check("point", 1e-15, [&] { return point; });
  const Json* noise = expected.given("std_of_bounds_at_1000_resamples");
  const auto check = [&](const char* key, const char* figure, size_t bound, double value) {
    const Json* want = expected.given(key);
    if (want == nullptr) return;
    // Without the noise nobody knows how near is near enough.
    if (noise == nullptr) return figures.uncovered(expected.name() + "." + figure);
    figures.check(expected.name() + "." + figure, *want, 4 * noise->at(bound).get<double>(),
                  [&] { return value; });
  };
  check("low_2.5", "low", 0, got.low);
  check("high_97.5", "high", 1, got.high);
}

void run_bootstrap_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  const auto shift = inputs.contains("speaker_shift") ? golden_scores(inputs.at("speaker_shift"))
                                                      : std::vector<double>();
  auto bona_fide = golden_scores(inputs.at("bonafide"));
  auto spoof = golden_scores(inputs.at("spoof"));
  if (!shift.empty()) add_shift(bona_fide, shift);
  if (!shift.empty()) add_shift(spoof, shift);
  const Ranking ranking(bona_fide, spoof);
  const auto order = ranking_order({{"bona fide", bona_fide}, {"spoof", spoof}});
  const BootstrapOptions options{.resamples = golden.at("bootstraps").get<size_t>()};

  const std::vector<Statistic> statistics = {
      weighted_det_eer, [](const WeightedRanking& r) { return weighted_min_dcf(r); }};
  const std::vector<std::string> names = {"eer", "mindcf_asvspoof5"};
  const std::vector<double> points = {det_eer(ranking).value, min_dcf(ranking).value};
  const Lazy<std::vector<Interval>> plain(
      [&] { return bootstrap(ranking, *plain_resampler(), statistics, options); });
  const Lazy<std::vector<Interval>> clustered([&] {
    if (shift.empty()) throw Error("a bootstrap by speaker needs the input speaker_shift");
    const auto speakers = cyclic_speakers(bona_fide.size(), spoof.size(), shift.size());
    return bootstrap(ranking, *clustered_resampler(speakers, ClusterDraws::kReseeded), statistics,
                     options, order);
  });
  Expected outputs(name_of_case(golden), &golden.at("outputs"), figures);
  for (size_t k = 0; k < names.size(); ++k) {
    Expected figure = outputs.part(names[k]);
    if (figure.given("iid") != nullptr) {
      check_interval(figure.part("iid"), points[k], plain()[k], figures);
    }
    if (figure.given("clustered_by_speaker") != nullptr) {
      check_interval(figure.part("clustered_by_speaker"), points[k], clustered()[k], figures);
    }
  }
}

void run_asvspoof2019_case(const Json& golden, Figures& figures) {
  const auto folder = figures.case_file().parent_path();
  const std::string printed = golden.value("printed_report", "");
  std::filesystem::path cm;
  std::filesystem::path asv;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".txt" || entry.path().filename() == printed) continue;
    TextTable table(entry.path());
    std::vector<std::string_view> fields;
    if (!table.next(fields)) continue;
    if (fields.size() == 4) cm = entry.path();
    if (fields.size() == 3) asv = entry.path();
  }
  const Asvspoof2019Report report = asvspoof2019_report(cm, asv);
  Expected expected("", &golden, figures);
  expected.pass_over({"tool", "note", "printed_report"});
  expected.check("eer_percent", 1e-13, [&] { return 100 * report.eer; });
  expected.check("min_tdcf", 1e-14, [&] { return report.min_tdcf; });
  if (printed.empty()) return;
  figures.check_text("printed_report", read_text(folder / printed), report.text);
}

}  // namespace bonafide
