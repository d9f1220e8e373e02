#include "parity/official_cases.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "metrics/trials.h"
#include "parity/golden_scores.h"
#include "report/asvspoof2021_report.h"
#include "report/asvspoof5_report.h"

namespace bonafide {

namespace {

using std::filesystem::path;

void check_grid(const std::string& name, const Json& want, const Grid& grid, double factor,
                Figures& figures) {
  for (size_t r = 0; r < want.size(); ++r) {
    for (size_t c = 0; c < want[r].size(); ++c) {
      figures.check(fmt::format("{}.{}.{}", name, r, c), want[r][c], 1e-12,
                    [&] { return grid.values.at(r).at(c) / factor; });
    }
  }
}

// Our text is the end of what the package prints, after its progress lines.
void check_printed(const std::string& name, const path& file, const std::string& text,
                   Figures& figures) {
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

void check_weights(const std::string& name, const Json& want, const Asvspoof2021Report& report,
                   Figures& figures) {
  size_t r = 0;
  for (const auto& [attack, by_codec] : want.items()) {
    size_t c = 0;
    for (const auto& [codec, weights] : by_codec.items()) {
      const TandemWeights& got = report.weights.at(r).at(c);
      const std::string figure = fmt::format("{}.{}.{}", name, attack, codec);
      figures.check(figure + ".C0", weights.at("C0"), 1e-14, [&] { return got.c0; });
      figures.check(figure + ".C1", weights.at("C1"), 1e-14, [&] { return got.c1; });
      figures.check(figure + ".C2", weights.at("C2"), 1e-14, [&] { return got.c2; });
      ++c;
    }
    ++r;
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
  const std::string name = track_name + "." + subset;
  check_grid(name + ".eer", run.at("eer"), report.eer, 100, figures);
  if (report.min_tdcf) {
    check_grid(name + ".min_tdcf", run.at("min_tdcf"), *report.min_tdcf, 1, figures);
  }
  if (run.contains("C012")) check_weights(name + ".C012", run.at("C012"), report, figures);
  check_printed(name + ".printed", folder / run.at("printed").get<std::string>(), report.text(),
                figures);
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
  const Json& want = golden.at("t1");
  figures.check("t1.mindcf", want.at("mindcf"), 1e-15, [&] { return got.min_dcf; });
  figures.check("t1.eer", want.at("eer"), 1e-15, [&] { return got.eer; });
  figures.check_relative("t1.cllr_bits", want.at("cllr_bits"), 1e-12, [&] { return got.cllr; });
  figures.check("t1.actdcf", want.at("actdcf"), 1e-15, [&] { return got.actual_dcf; });
  check_printed("t1.printed", folder / "expected.t1.txt", got.text(), figures);
}

void check_track2(const Json& golden, Figures& figures) {
  const path folder = figures.case_file().parent_path();
  Trials trials = joined(folder / "track2.scores.tsv", folder / "track2.keys.tsv", {});
  const Asvspoof5Track2 got = asvspoof5_track2(trials);
  const Json& want = golden.at("t2");
  figures.check("t2.a_dcf", want.at("a_dcf"), 1e-12, [&] { return got.a_dcf; });
  figures.check("t2.min_tdcf", want.at("min_tdcf"), 1e-12, [&] { return got.min_tdcf.value(); });
  figures.check("t2.t_eer_percent", want.at("t_eer_percent"), 1e-12,
                [&] { return got.t_eer.value(); });
  check_printed("t2.printed", folder / "expected.t2_tandem.txt", got.text(), figures);
  trials.cm_scores.clear();
  check_printed("t2.printed_single", folder / "expected.t2_single.txt",
                asvspoof5_track2(trials).text(), figures);
}

void check_full_track1(const Json& golden, Figures& figures) {
  const path folder = figures.case_file().parent_path();
  const Asvspoof5Tables got = asvspoof5_track1_tables(
      joined(folder / "track1.scores.tsv", folder / "full.track1.keys.txt", {"attack", "codec"}));
  const Json& want = golden.at("full_t1");
  check_grid("full_t1.mindcf", want.at("mindcf"), got.grids[0], 1, figures);
  check_grid("full_t1.eer", want.at("eer"), got.grids[1], 100, figures);
  check_grid("full_t1.cllr_bits", want.at("cllr_bits"), got.grids[2], 1, figures);
  check_grid("full_t1.actdcf", want.at("actdcf"), got.grids[3], 1, figures);
  check_printed("full_t1.printed", folder / "expected.full_t1.txt", got.text(), figures);
}

void check_full_track2(const Json& golden, Figures& figures) {
  const path folder = figures.case_file().parent_path();
  const std::vector<std::string> factors = {"attack", "codec", "track-2-tag"};
  const path key = folder / "full.track2.keys.txt";
  Trials trials = without_dummies(joined(folder / "track2.scores.tsv", key, factors));
  const Trials organiser = without_dummies(joined(folder / "organiser.asv.tsv", key, factors));
  const Asvspoof5Options options{.organiser_asv = &organiser};
  const Asvspoof5Tables got = asvspoof5_track2_tables(trials, options);
  const Json& want = golden.at("full_t2");
  check_grid("full_t2.a_dcf", want.at("a_dcf"), got.grids[0], 1, figures);
  check_grid("full_t2.min_tdcf", want.at("min_tdcf"), got.grids[1], 1, figures);
  check_grid("full_t2.t_eer_percent", want.at("t_eer_percent"), got.grids[2], 1, figures);
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
  check_track1(golden, figures);
  check_track2(golden, figures);
  check_full_track1(golden, figures);
  check_full_track2(golden, figures);
}

}  // namespace bonafide
