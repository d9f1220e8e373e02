#include "report/asvspoof2021_report.h"

#include <fmt/format.h>

#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "metrics/eer.h"
#include "metrics/verification_trials.h"
#include "report/official_axis.h"

namespace bonafide {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const AxisEntry kPooled = {"Pooled", "", "", FactorSide::kBoth};

void append(OfficialAxis& axis, std::string_view factor, FactorSide side,
            const std::vector<std::pair<std::string, std::string>>& tags_and_values) {
  for (const auto& [tag, value] : tags_and_values) {
    axis.push_back({tag, std::string(factor), value, side});
  }
}

// R1 .. R9 and the like.
void append_numbered(OfficialAxis& axis, std::string_view factor, FactorSide side, char letter,
                     int first, int last) {
  for (int i = first; i <= last; ++i) {
    const std::string value = fmt::format("{}{}", letter, i);
    axis.push_back({value, std::string(factor), value, side});
  }
}

struct Axes {
  OfficialAxis rows;
  OfficialAxis columns;
};

Axes la_axes() {
  Axes axes;
  for (int i = 7; i <= 19; ++i) {
    const std::string attack = fmt::format("A{:02}", i);
    axes.rows.push_back({attack, "attack", attack, FactorSide::kSpoof});
  }
  append(axes.columns, "codec", FactorSide::kBoth,
         {{"C1", "none"},
          {"C2", "alaw"},
          {"C3", "pstn"},
          {"C4", "g722"},
          {"C5", "ulaw"},
          {"C6", "gsm"},
          {"C7", "opus"}});
  return axes;
}

Axes df_axes() {
  Axes axes;
  append(axes.rows, "vocoder", FactorSide::kSpoof,
         {{"Traditional", "traditional_vocoder"},
          {"Wav.Concat.", "waveform_concatenation"},
          {"Neural AR", "neural_vocoder_autoregressive"},
          {"Neural non-AR", "neural_vocoder_nonautoregressive"},
          {"Unknown", "unknown"}});
  append(axes.columns, "compression", FactorSide::kBoth,
         {{"C1", "nocodec"},
          {"C2", "low_mp3"},
          {"C3", "high_mp3"},
          {"C4", "low_m4a"},
          {"C5", "high_m4a"},
          {"C6", "low_ogg"},
          {"C7", "high_ogg"},
          {"C8", "mp3m4a"},
          {"C9", "oggm4a"}});
  return axes;
}

Axes pa_axes() {
  Axes axes;
  append_numbered(axes.rows, "asv-room", FactorSide::kBoth, 'R', 1, 9);
  append_numbered(axes.rows, "asv-mic", FactorSide::kBoth, 'M', 1, 3);
  append_numbered(axes.rows, "asv-distance", FactorSide::kBonaFide, 'D', 1, 6);
  append_numbered(axes.columns, "attacker-room", FactorSide::kSpoof, 'r', 1, 9);
  append_numbered(axes.columns, "attacker-mic", FactorSide::kSpoof, 'm', 1, 3);
  append_numbered(axes.columns, "attacker-distance", FactorSide::kSpoof, 'c', 2, 4);
  append_numbered(axes.columns, "replay-device", FactorSide::kSpoof, 's', 2, 4);
  append_numbered(axes.columns, "asv-distance", FactorSide::kSpoof, 'd', 1, 6);
  return axes;
}

Axes axes_of(Asvspoof2021Track track) {
  Axes axes = track == Asvspoof2021Track::kLa   ? la_axes()
              : track == Asvspoof2021Track::kDf ? df_axes()
                                                : pa_axes();
  axes.rows.push_back(kPooled);
  axes.columns.push_back(kPooled);
  return axes;
}

double cell_eer(const DetectorScores& scores) {
  if (scores.bona_fide.empty() || scores.spoof.empty()) return kNan;
  return det_eer(scores.bona_fide, scores.spoof).value;
}

double cell_tdcf(const DetectorScores& scores, const TandemWeights& weights) {
  if (scores.bona_fide.empty() || scores.spoof.empty()) return kNan;
  return min_tandem_dcf(Ranking(scores.bona_fide, scores.spoof), weights).value;
}

Grid empty_grid(const Axes& axes, std::string caption, int decimals) {
  return {std::move(caption), tags(axes.columns), tags(axes.rows),
          std::vector(axes.rows.size(), std::vector<double>(axes.columns.size(), kNan)), decimals};
}

std::string table_text(const Grid& grid, bool colours) {
  return fmt::format("\n===============\nTable for {}\n===============\n\n{}\n{}\n", grid.caption,
                     grid_latex(grid, colours), grid_text(grid));
}

}  // namespace

std::vector<std::string> asvspoof2021_factors(Asvspoof2021Track track) {
  std::vector<std::string> factors = {"subset", "trim"};
  const Axes axes = axes_of(track);
  for (const OfficialAxis* axis : {&axes.rows, &axes.columns}) {
    for (const AxisEntry& entry : *axis) {
      if (!entry.factor.empty()) factors.push_back(entry.factor);
    }
  }
  return factors;
}

Trials asvspoof2021_subset(const Trials& trials, std::string_view subset) {
  const bool first_hidden = subset == "hidden1_PA";
  const bool second_hidden = subset == "hidden2_PA";
  const std::string_view wanted = first_hidden || second_hidden ? "hidden" : subset;
  if (wanted != "eval" && wanted != "progress" && wanted != "hidden") {
    throw UsageError(fmt::format(
        "no subset called \"{}\"; there are: eval, progress, hidden, hidden1_PA, hidden2_PA",
        printable(subset)));
  }
  const Factor& part = trials.factor("subset");
  const Factor& trim = trials.factor("trim");
  return trials.filter([&](size_t i) {
    if (part.value(i) != wanted) return false;
    if (first_hidden) return trim.value(i) == "notrim";
    if (second_hidden) return trim.value(i) == "trim";
    return true;
  });
}

Asvspoof2021Report asvspoof2021_report(Asvspoof2021Track track, const Trials& cm,
                                       const Trials* asv) {
  const Axes axes = axes_of(track);
  Asvspoof2021Report report;
  report.eer = empty_grid(axes, "EERs", 2);
  const bool tandem = asv != nullptr && track != Asvspoof2021Track::kDf;
  if (tandem) {
    report.min_tdcf = empty_grid(axes, "min tDCFs", 4);
    report.weights.assign(axes.rows.size(),
                          std::vector(axes.columns.size(), TandemWeights{kNan, kNan, kNan}));
  }
  const ResolvedAxis rows(axes.rows, cm);
  const ResolvedAxis columns(axes.columns, cm);
  std::optional<ResolvedAxis> asv_rows;
  std::optional<ResolvedAxis> asv_columns;
  if (tandem) {
    asv_rows.emplace(axes.rows, *asv);
    asv_columns.emplace(axes.columns, *asv);
  }
  for (size_t r = 0; r < rows.size(); ++r) {
    for (size_t c = 0; c < columns.size(); ++c) {
      const DetectorScores scores = detector_scores(cm, {rows[r], columns[c]});
      report.eer.values[r][c] = 100 * cell_eer(scores);
      if (!tandem) continue;
      const VerificationScores asv_scores =
          verification_scores(*asv, only_scores(*asv), {(*asv_rows)[r], (*asv_columns)[c]});
      if (!asv_scores.complete()) continue;
      report.weights[r][c] = revised_tandem_weights(asv_operating_point(asv_scores.spans()));
      const auto problem = problem_of(
          [&] { report.min_tdcf->values[r][c] = cell_tdcf(scores, report.weights[r][c]); });
      if (problem) {
        report.warnings.push_back(fmt::format("{}, {}: no min t-DCF: {}", axes.rows[r].tag,
                                              axes.columns[c].tag, *problem));
      }
    }
  }
  return report;
}

std::string Asvspoof2021Report::text(bool latex_colours) const {
  return (min_tdcf ? table_text(*min_tdcf, latex_colours) : "") + table_text(eer, latex_colours);
}

}  // namespace bonafide
