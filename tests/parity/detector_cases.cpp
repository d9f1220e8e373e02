#include "parity/detector_cases.h"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "metrics/asvspoof2019_report.h"
#include "metrics/bootstrap.h"
#include "metrics/cllr.h"
#include "metrics/det.h"
#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "metrics/tandem_cost.h"
#include "metrics/text_table.h"
#include "parity/golden_scores.h"

namespace bonafide {

namespace {

constexpr double kExact = 1e-15;

using LazyRanking = Lazy<Ranking>;

void check_curve(const std::string& name, const Json& curve, const LazyRanking& ranking,
                 Figures& figures) {
  const auto points = det_curve(ranking());
  for (size_t i = 0; i < curve.at("frr").size(); ++i) {
    const std::string point = fmt::format("{}.curve.{}", name, i);
    figures.check(point + ".frr", curve.at("frr")[i], 0, [&] { return points.at(i).miss; });
    figures.check(point + ".far", curve.at("far")[i], 0, [&] { return points.at(i).false_alarm; });
    figures.check(point + ".threshold", curve.at("thresholds")[i], 0,
                  [&] { return points.at(i).threshold; });
  }
}

void check_det(const std::string& name, const Json& want, const LazyRanking& ranking,
               Figures& figures) {
  const Lazy<DetPoint> point([&] { return closest_det_point(ranking()); });
  const Lazy<Eer> eer([&] { return det_eer(ranking()); });
  figures.check(name + ".eer", member(want, "eer"), kExact, [&] { return eer().value; });
  figures.check(name + ".threshold", member(want, "threshold"), kExact,
                [&] { return eer().threshold; });
  figures.check(name + ".index", member(want, "index"), 0,
                [&] { return static_cast<double>(point().index); });
  figures.check(name + ".frr", member(want, "frr"), kExact, [&] { return point().miss; });
  figures.check(name + ".far", member(want, "far"), kExact, [&] { return point().false_alarm; });
  if (want.contains("curve")) check_curve(name, want.at("curve"), ranking, figures);
}

void check_track1(const std::string& name, const Json& want, const LazyRanking& ranking,
                  std::span<const double> bona_fide, std::span<const double> spoof,
                  Figures& figures) {
  figures.check(name + ".mindcf", member(want, "mindcf"), kExact,
                [&] { return min_dcf(ranking()).value; });
  figures.check(name + ".mindcf_threshold", member(want, "mindcf_threshold"), kExact,
                [&] { return min_dcf(ranking()).threshold; });
  figures.check_relative(name + ".cllr_bits", member(want, "cllr_bits"), 1e-12,
                         [&] { return official_cllr(bona_fide, spoof); });
  figures.check(name + ".actdcf", member(want, "actdcf"), kExact,
                [&] { return actual_dcf(bona_fide, spoof).value; });
  figures.check(name + ".actdcf_threshold", member(want, "actdcf_threshold"), kExact,
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
  check_detector_outputs(golden.at("name").get<std::string>(), golden.at("outputs"),
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
  const Json& want = outputs.at("asv");
  figures.check(name + ".asv.eer", member(want, "eer"), 1e-14, [&] { return asv_eer().value; });
  figures.check(name + ".asv.threshold", member(want, "threshold"), 1e-14,
                [&] { return asv_eer().threshold; });
  figures.check(name + ".asv.Pfa", member(want, "Pfa"), 1e-14, [&] { return rates().false_alarm; });
  figures.check(name + ".asv.Pmiss", member(want, "Pmiss"), 1e-14, [&] { return rates().miss; });
  figures.check(name + ".asv.Pmiss_spoof", member(want, "Pmiss_spoof"), 1e-14,
                [&] { return rates().spoof_miss.value(); });
  figures.check(name + ".asv.Pfa_spoof", member(want, "Pfa_spoof"), 1e-14,
                [&] { return rates().spoof_false_alarm.value(); });

  for (const char* form : {"legacy_2019", "revised_2021"}) {
    if (!outputs.contains(form)) continue;
    const bool legacy = std::string_view(form) == "legacy_2019";
    const TandemCosts model = costs != nullptr ? tandem_costs(*costs, legacy) : TandemCosts{};
    const Lazy<TandemWeights> weights([&] {
      return legacy ? legacy_tandem_weights(rates(), model)
                    : revised_tandem_weights(rates(), model);
    });
    const auto result = [&] { return min_tandem_dcf(cm(), weights()); };
    const Json& expected = outputs.at(form);
    const std::string figure = name + "." + form;
    figures.check(figure + ".min_tdcf", member(expected, "min_tdcf"), 1e-14,
                  [&] { return result().value; });
    if (is_refusal(expected)) continue;
    figures.check(figure + ".index", expected.at("index"), 0,
                  [&] { return static_cast<double>(result().index); });
    figures.check(figure + ".threshold", expected.at("threshold"), 1e-14,
                  [&] { return result().threshold; });
    if (!legacy) {
      figures.check(figure + ".C0", expected.at("C0"), 1e-14, [&] { return weights().c0; });
    }
    figures.check(figure + ".C1", expected.at("C1"), 1e-14, [&] { return weights().c1; });
    figures.check(figure + ".C2", expected.at("C2"), 1e-14, [&] { return weights().c2; });
  }
}

void run_tandem_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  const Json& asv = inputs.at("asv");
  check_tandem_outputs(golden.at("name").get<std::string>(), golden.at("outputs"),
                       &inputs.at("cost"), golden_scores(inputs.at("cm").at("bonafide")),
                       golden_scores(inputs.at("cm").at("spoof")), golden_scores(asv.at("target")),
                       golden_scores(asv.at("nontarget")), golden_scores(asv.at("spoof")), figures);
}

void run_bootstrap_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  const auto shift = golden_scores(inputs.at("speaker_shift"));
  auto bona_fide = golden_scores(inputs.at("bonafide"));
  auto spoof = golden_scores(inputs.at("spoof"));
  add_shift(bona_fide, shift);
  add_shift(spoof, shift);
  const Ranking ranking(bona_fide, spoof);
  const auto order = ranking_order({{"bona fide", bona_fide}, {"spoof", spoof}});
  const auto speakers = cyclic_speakers(bona_fide.size(), spoof.size(), shift.size());
  const BootstrapOptions options{.resamples = golden.at("bootstraps").get<size_t>()};

  const std::vector<Statistic> statistics = {
      weighted_det_eer, [](const WeightedRanking& r) { return weighted_min_dcf(r); }};
  const std::vector<std::string> names = {"eer", "mindcf_asvspoof5"};
  const std::vector<double> points = {det_eer(ranking).value, min_dcf(ranking).value};
  const auto plain = bootstrap(ranking, *plain_resampler(), statistics, options);
  const auto clustered = bootstrap(ranking, *clustered_resampler(speakers, ClusterDraws::kReseeded),
                                   statistics, options, order);
  for (size_t k = 0; k < names.size(); ++k) {
    for (const char* scheme : {"iid", "clustered_by_speaker"}) {
      const Interval& got = std::string_view(scheme) == "iid" ? plain[k] : clustered[k];
      const Json& want = golden.at("outputs").at(names[k]).at(scheme);
      const Json& noise = want.at("std_of_bounds_at_1000_resamples");
      const std::string figure =
          golden.at("name").get<std::string>() + "." + names[k] + "." + scheme;
      figures.check(figure + ".point", want.at("point"), 1e-15, [&] { return points[k]; });
      figures.check(figure + ".low", want.at("low_2.5"), 4 * noise[0].get<double>(),
                    [&] { return got.low; });
      figures.check(figure + ".high", want.at("high_97.5"), 4 * noise[1].get<double>(),
                    [&] { return got.high; });
    }
  }
}

void run_asvspoof2019_case(const Json& golden, Figures& figures) {
  const auto folder = figures.case_file().parent_path();
  std::filesystem::path cm;
  std::filesystem::path asv;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".txt" ||
        entry.path().filename() == golden.at("printed_report").get<std::string>()) {
      continue;
    }
    TextTable table(entry.path());
    std::vector<std::string_view> fields;
    if (!table.next(fields)) continue;
    if (fields.size() == 4) cm = entry.path();
    if (fields.size() == 3) asv = entry.path();
  }
  const Asvspoof2019Report report = asvspoof2019_report(cm, asv);
  figures.check("eer_percent", golden.at("eer_percent"), 1e-13, [&] { return 100 * report.eer; });
  figures.check("min_tdcf", golden.at("min_tdcf"), 1e-14, [&] { return report.min_tdcf; });
  figures.check_text("printed_report",
                     read_text(folder / golden.at("printed_report").get<std::string>()),
                     report.text);
}

}  // namespace bonafide
