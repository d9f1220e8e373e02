#include "cli/official_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "metrics/asvspoof2019_report.h"
#include "report/asvspoof2021_report.h"
#include "report/asvspoof5_report.h"
#include "report/grid.h"
#include "trials/trials.h"

namespace bonafide {

namespace {

void need(const std::string& file, std::string_view corpus, std::string_view option) {
  if (!file.empty()) return;
  throw UsageError(fmt::format("--corpus {}: needs {}", corpus, option));
}

Trials joined(const std::string& scores, const std::string& key,
              const std::vector<std::string>& factors) {
  const auto tables = TrialTable::read_both(scores, key, {.factors = factors});
  return join(tables.first, tables.second);
}

using Figure = std::pair<const char*, std::optional<double>>;

// Named as those of any other trials.
Json metrics(std::initializer_list<Figure> figures) {
  Json named = Json::object();
  for (const auto& [name, value] : figures) {
    if (value) named[name] = {{"value", *value}};
  }
  return {{"metrics", std::move(named)}};
}

Json tables(const std::vector<Grid>& grids) {
  Json list = Json::array();
  for (const Grid& grid : grids) list.push_back(grid_json(grid));
  return {{"tables", std::move(list)}};
}

OfficialReport report_2019(const OfficialRequest& r) {
  need(r.asv_scores, r.corpus, "--asv-scores");
  const auto report = asvspoof2019_report(r.scores, r.asv_scores);
  return {report.text, metrics({{"eer", report.eer}, {"min_tdcf_legacy", report.min_tdcf}})};
}

OfficialReport report_2021(const OfficialRequest& r, Asvspoof2021Track track) {
  need(r.key, r.corpus, "--key (CM/trial_metadata.txt)");
  const auto factors = asvspoof2021_factors(track);
  const Trials cm = asvspoof2021_subset(joined(r.scores, r.key, factors), r.subset);
  std::optional<Trials> asv;
  if (!r.asv_scores.empty()) {
    need(r.asv_key, r.corpus, "--asv-key (ASV/trial_metadata.txt)");
    asv = asvspoof2021_subset(joined(r.asv_scores, r.asv_key, factors), r.subset);
  }
  const auto report = asvspoof2021_report(track, cm, asv ? &*asv : nullptr);
  std::vector<Grid> grids;
  if (report.min_tdcf) grids.push_back(*report.min_tdcf);
  grids.push_back(report.eer);
  return {report.text(), tables(grids), report.warnings};
}

constexpr const char* kTrack2Tag = "track-2-tag";
constexpr std::string_view kDummy = "dummy";

// Trials of the full key; those of track 2 without the ones that only fill the list up.
Trials trials_5(const std::string& scores, const std::string& key, bool track1) {
  if (track1) return joined(scores, key, {"attack", "codec"});
  const auto tables =
      TrialTable::read_both(scores, key, {.factors = {"attack", "codec", kTrack2Tag}});
  const Factor* const tag = tables.second.find_factor(kTrack2Tag);
  if (tag == nullptr) return join(tables.first, tables.second);
  const auto trials = join(tables.first, tables.second,
                           {.dispensable = [&](size_t row) { return tag->value(row) == kDummy; }});
  const Factor& tags = trials.factor(kTrack2Tag);
  return trials.filter([&](size_t i) { return tags.value(i) != kDummy; });
}

// The text looks the same, and so it must be said.
OfficialReport with_note(OfficialReport report, const std::vector<std::string>& corrected) {
  if (!corrected.empty()) {
    report.warnings.push_back(
        fmt::format("not the package's values but the right ones: {}; --official repeats the "
                    "package's",
                    fmt::join(corrected, ", ")));
  }
  return report;
}

OfficialReport report_5(const OfficialRequest& r, bool track1) {
  need(r.key, r.corpus, "--key");
  const Trials trials = trials_5(r.scores, r.key, track1);
  if (!track1 && trials.sasv_scores.empty()) {
    throw UsageError(fmt::format("{}: no column sasv-score", printable(r.scores)));
  }
  std::optional<Trials> organiser;
  if (!r.asv_scores.empty()) organiser = trials_5(r.asv_scores, r.key, track1);
  const Asvspoof5Options options{.official = r.official,
                                 .organiser_asv = organiser ? &*organiser : nullptr};
  if (trials.find_factor("attack") != nullptr && trials.find_factor("codec") != nullptr) {
    const Asvspoof5Tables full = track1 ? asvspoof5_track1_tables(trials, options)
                                        : asvspoof5_track2_tables(trials, options);
    return with_note({full.text(), tables(full.grids), full.warnings}, full.corrected);
  }
  if (track1) {
    const Asvspoof5Track1 result = asvspoof5_track1(trials, options);
    return with_note(
        {result.text(), metrics({{"eer", result.eer},
                                 {"min_dcf", result.min_dcf},
                                 {"actual_dcf", result.actual_dcf},
                                 {"cllr_bits", result.cllr}})},
        result.corrected ? std::vector<std::string>{"Cllr"} : std::vector<std::string>{});
  }
  const Asvspoof5Track2 result = asvspoof5_track2(trials, options);
  std::vector<std::string> corrected;
  if (result.tdcf_corrected) corrected.emplace_back("min t-DCF");
  if (result.t_eer_corrected) corrected.emplace_back("t-EER");
  std::optional<double> t_eer;
  if (result.t_eer) t_eer = *result.t_eer / 100;
  return with_note(
      {result.text(),
       metrics({{"a_dcf", result.a_dcf}, {"min_tdcf_revised", result.min_tdcf}, {"t_eer", t_eer}})},
      corrected);
}

}  // namespace

OfficialReport official_report(const OfficialRequest& request) {
  using Report = OfficialReport (*)(const OfficialRequest&);
  static const std::map<std::string, Report> table = {
      {"asvspoof2019-la", report_2019},
      {"asvspoof2021-la",
       [](const OfficialRequest& r) { return report_2021(r, Asvspoof2021Track::kLa); }},
      {"asvspoof2021-df",
       [](const OfficialRequest& r) { return report_2021(r, Asvspoof2021Track::kDf); }},
      {"asvspoof2021-pa",
       [](const OfficialRequest& r) { return report_2021(r, Asvspoof2021Track::kPa); }},
      {"asvspoof5-track1", [](const OfficialRequest& r) { return report_5(r, /*track1=*/true); }},
      {"asvspoof5-track2", [](const OfficialRequest& r) { return report_5(r, /*track1=*/false); }},
  };
  const auto report = table.find(request.corpus);
  if (report == table.end()) {
    std::vector<std::string> names;
    for (const auto& [name, unused] : table) names.push_back(name);
    throw UsageError(fmt::format("no official report for a corpus called \"{}\"; there are: {}",
                                 printable(request.corpus), fmt::join(names, ", ")));
  }
  return report->second(request);
}

}  // namespace bonafide
