#include "parity/official_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "parity/golden_scores.h"
#include "report/asvspoof2021_report.h"
#include "report/asvspoof5_report.h"
#include "trials/trials.h"

namespace bonafide {

namespace {

using std::filesystem::path;

void check_grid(Expected& expected, const char* key, const Grid& grid, double factor,
                Figures& figures) {
  const Json* want = expected.given(key);
  for (size_t r = 0; want != nullptr && r < want->size(); ++r) {
    for (size_t c = 0; c < (*want)[r].size(); ++c) {
      figures.check(fmt::format("{}.{}.{}.{}", expected.name(), key, r, c), (*want)[r][c], 1e-12,
                    [&] { return grid.values.at(r).at(c) / factor; });
    }
  }
}

// The tags of a table's rows and columns.
void check_tags(Expected& expected, const Grid& grid, Figures& figures) {
  for (const auto& [key, got] : {std::pair("rows", &grid.rows), {"columns", &grid.columns}}) {
    const Json* want = expected.given(key);
    if (want == nullptr) continue;
    figures.check_text(expected.below(key), want->dump(), Json(*got).dump());
  }
}

// Our text is the end of what the package prints, after its progress lines.
void check_printed(const std::string& name, const path& file, const std::string& text,
                   Figures& figures) {
  if (!std::filesystem::exists(file)) return;
  std::string printed = read_text(file);
  const auto at = printed.size() > text.size() ? printed.size() - text.size() : 0;
  figures.check_text(name, printed.substr(at), text);
}

Trials joined(const path& scores, const path& key, const std::vector<std::string>& factors) {
  const TableOptions options{.factors = factors};
  return join(TrialTable::read(scores, options), TrialTable::read(key, options));
}

Asvspoof2021Track track_of(const std::string& name) {
  if (name == "LA") return Asvspoof2021Track::kLa;
  if (name == "DF") return Asvspoof2021Track::kDf;
  if (name == "PA") return Asvspoof2021Track::kPa;
  throw Error("no track called " + name);
}

// What the case calls a column of the table.
std::string column_of(const std::string& tag) {
  static const std::map<std::string, std::string> codecs = {
      {"C1", "none"}, {"C2", "alaw"}, {"C3", "pstn"}, {"C4", "g722"},
      {"C5", "ulaw"}, {"C6", "gsm"},  {"C7", "opus"}};
  const auto codec = codecs.find(tag);
  return codec == codecs.end() ? tag : codec->second;
}

void check_weights(Expected expected, const Asvspoof2021Report& report) {
  if (!expected.there()) return;
  for (size_t r = 0; r < report.weights.size(); ++r) {
    Expected row = expected.part(report.eer.rows.at(r));
    for (size_t c = 0; c < report.weights[r].size(); ++c) {
      Expected cell = row.part(column_of(report.eer.columns.at(c)));
      const TandemWeights& got = report.weights[r][c];
      cell.check("C0", 1e-14, [&] { return got.c0; });
      cell.check("C1", 1e-14, [&] { return got.c1; });
      cell.check("C2", 1e-14, [&] { return got.c2; });
    }
  }
}

void run_2021(const Json& run, Figures& figures) {
  const path folder = figures.case_file().parent_path();
  const std::string track_name = run.at("track").get<std::string>();
  const std::string subset = run.at("subset").get<std::string>();
  const Asvspoof2021Track track = track_of(track_name);
  const auto factors = asvspoof2021_factors(track);
  const path keys = folder / "keys" / track_name;
  const Trials cm = asvspoof2021_subset(
      joined(folder / (track_name + ".score.txt"), keys / "CM" / "trial_metadata.txt", factors),
      subset);
  std::optional<Trials> asv;
  if (run.contains("min_tdcf")) {
    const path asv_scores = keys / "ASV" / "ASVTorch_Kaldi" / "score.txt";
    if (std::filesystem::exists(asv_scores)) {
      asv = asvspoof2021_subset(joined(asv_scores, keys / "ASV" / "trial_metadata.txt", factors),
                                subset);
    }
  }
  const Asvspoof2021Report report = asvspoof2021_report(track, cm, asv ? &*asv : nullptr);
  Expected expected(track_name + "." + subset, &run, figures);
  expected.pass_over({"track", "subset", "printed"});
  check_grid(expected, "eer", report.eer, 100, figures);
  // Where there is no t-DCF its cells are NaN.
  Grid none = report.eer;
  for (auto& row : none.values) std::fill(row.begin(), row.end(), std::nan(""));
  check_grid(expected, "min_tdcf", report.min_tdcf ? *report.min_tdcf : none, 1, figures);
  if (report.min_tdcf) check_weights(expected.part("C012"), report);
  if (!run.contains("printed")) return;
  const path printed = folder / run.at("printed").get<std::string>();
  if (!std::filesystem::exists(printed)) throw Error("no file " + printed.filename().string());
  check_printed(expected.below("printed"), printed, report.text(), figures);
}

// The full tables leave out the trials that only fill the list up.
Trials without_dummies(const Trials& trials) {
  const Factor& tag = trials.factor("track-2-tag");
  return trials.filter([&](size_t i) { return tag.value(i) != "dummy"; });
}

void check_track1(const Json& golden, Figures& figures) {
  const path folder = figures.case_file().parent_path();
  const Asvspoof5Track1 got =
      asvspoof5_track1(joined(folder / "track1.scores.tsv", folder / "track1.keys.tsv", {}));
  Expected expected("t1", &golden.at("t1"), figures);
  expected.check("mindcf", 1e-15, [&] { return got.min_dcf; });
  expected.check("eer", 1e-15, [&] { return got.eer; });
  expected.check_relative("cllr_bits", 1e-12, [&] { return got.cllr; });
  expected.check("actdcf", 1e-15, [&] { return got.actual_dcf; });
  check_printed("t1.printed", folder / "expected.t1.txt", got.text(), figures);
}

void check_track2(const Json& golden, Figures& figures) {
  const path folder = figures.case_file().parent_path();
  Trials trials = joined(folder / "track2.scores.tsv", folder / "track2.keys.tsv", {});
  const Asvspoof5Track2 got = asvspoof5_track2(trials);
  Expected expected("t2", &golden.at("t2"), figures);
  expected.check("a_dcf", 1e-12, [&] { return got.a_dcf; });
  expected.check("min_tdcf", 1e-12, [&] { return got.min_tdcf.value(); });
  expected.check("t_eer_percent", 1e-12, [&] { return got.t_eer.value(); });
  check_printed("t2.printed", folder / "expected.t2_tandem.txt", got.text(), figures);
  trials.cm_scores.clear();
  check_printed("t2.printed_single", folder / "expected.t2_single.txt",
                asvspoof5_track2(trials).text(), figures);
}

void check_full_track1(const Json& golden, Figures& figures) {
  const path folder = figures.case_file().parent_path();
  const Asvspoof5Tables got = asvspoof5_track1_tables(
      joined(folder / "track1.scores.tsv", folder / "full.track1.keys.txt", {"attack", "codec"}));
  Expected expected("full_t1", &golden.at("full_t1"), figures);
  check_tags(expected, got.grids[0], figures);
  check_grid(expected, "mindcf", got.grids[0], 1, figures);
  check_grid(expected, "eer", got.grids[1], 100, figures);
  check_grid(expected, "cllr_bits", got.grids[2], 1, figures);
  check_grid(expected, "actdcf", got.grids[3], 1, figures);
  check_printed("full_t1.printed", folder / "expected.full_t1.txt", got.text(), figures);
}

void check_full_track2(const Json& golden, Figures& figures) {
  const path folder = figures.case_file().parent_path();
  const std::vector<std::string> factors = {"attack", "codec", "track-2-tag"};
  const path key = folder / "full.track2.keys.txt";
  Trials trials = without_dummies(joined(folder / "track2.scores.tsv", key, factors));
  std::optional<Trials> organiser;
  const path organiser_scores = folder / "organiser.asv.tsv";
  if (std::filesystem::exists(organiser_scores)) {
    organiser = without_dummies(joined(organiser_scores, key, factors));
  }
  const Asvspoof5Options options{.organiser_asv = organiser ? &*organiser : nullptr};
  const Asvspoof5Tables got = asvspoof5_track2_tables(trials, options);
  Expected expected("full_t2", &golden.at("full_t2"), figures);
  check_tags(expected, got.grids[0], figures);
  check_grid(expected, "a_dcf", got.grids[0], 1, figures);
  check_grid(expected, "min_tdcf", got.grids[1], 1, figures);
  check_grid(expected, "t_eer_percent", got.grids[2], 1, figures);
  check_printed("full_t2.printed", folder / "expected.full_t2_tandem.txt", got.text(), figures);
  trials.cm_scores.clear();
  check_printed("full_t2.printed_single", folder / "expected.full_t2_single.txt",
                asvspoof5_track2_tables(trials).text(), figures);
}

}  // namespace

void run_asvspoof2021_case(const Json& golden, Figures& figures) {
  for (const Json& run : golden.at("runs")) run_2021(run, figures);
}

void run_asvspoof5_case(const Json& golden, Figures& figures) {
  Expected expected("", &golden, figures);
  expected.pass_over({"tool", "note"});
  const std::pair<const char*, void (*)(const Json&, Figures&)> parts[] = {
      {"t1", check_track1},
      {"t2", check_track2},
      {"full_t1", check_full_track1},
      {"full_t2", check_full_track2}};
  for (const auto& [key, check] : parts) {
    if (expected.given(key) != nullptr) check(golden, figures);
  }
}

}  // namespace bonafide
