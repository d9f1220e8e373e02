#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/tandem_cost.h"
#include "report/grid.h"
#include "trials/trials.h"

namespace bonafide {

enum class Asvspoof2021Track { kLa, kDf, kPa };

// The columns of the keys that a track's tables need besides ids and labels.
std::vector<std::string> asvspoof2021_factors(Asvspoof2021Track track);

// Keeps the trials of a subset: eval, progress, hidden, and for PA hidden1_PA and hidden2_PA.
// Throws UsageError for another word.
Trials asvspoof2021_subset(const Trials& trials, std::string_view subset);

// The tables of the official package. A cell is NaN when a class has no trials, and, unlike there,
// where the package would end: fewer than three distinct scores.
struct Asvspoof2021Report {
  std::optional<Grid> min_tdcf;                     // LA and PA, with ASV scores
  Grid eer;                                         // percent
  std::vector<std::vector<TandemWeights>> weights;  // of min_tdcf's cells
  std::vector<std::string> warnings;                // of cells left empty for the second reason

  std::string text(bool latex_colours = true) const;  // as printed, from the first table on
};

// `asv`: the organisers' ASV trials with their key; none: no t-DCF.
Asvspoof2021Report asvspoof2021_report(Asvspoof2021Track track, const Trials& cm,
                                       const Trials* asv);

}  // namespace bonafide
