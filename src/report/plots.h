#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/ranking.h"

namespace bonafide {

// Every function returns a whole SVG picture (svg.h).

struct RankedSystem {
  std::string name;
  const Ranking* ranking = nullptr;
  std::optional<double> eer = {};  // to mark, a fraction; none: the det EER
};

// What the two kinds of errors are.
struct DetAxes {
  std::string false_alarm = "spoof accepted (%)";
  std::string miss = "bona fide rejected (%)";
};

// Miss against false alarm rate on probit axes, one line per system, with the EERs marked.
std::string det_plot(const std::vector<RankedSystem>& systems, const DetAxes& axes = {});

// Share of each class per bin of the score, with the threshold marked when given.
std::string score_histogram(std::span<const double> bona_fide, std::span<const double> spoof,
                            std::optional<double> threshold = std::nullopt);
// Of targets, nontargets and spoofs, or other classes; those without scores are left out. `higher`:
// what a higher score means.
std::string score_histogram(const std::vector<ScoredClass>& classes,
                            std::optional<double> threshold = std::nullopt,
                            std::string_view higher = "more bona fide");

// How often trials of a predicted probability of bona fide are bona fide, with both classes counted
// alike (prior 0.5), if the scores are log-likelihood ratios. Perfect calibration is the diagonal.
std::string reliability_plot(std::span<const double> bona_fide, std::span<const double> spoof);

// Share of each class whose log-likelihood ratio is above the abscissa (Tippett plot). The shares
// on the wrong side of 0 are the errors of a decision for equal priors and costs.
std::string tippett_plot(std::span<const double> bona_fide, std::span<const double> spoof);

// A horizontal bar with its value in percent.
struct Bar {
  std::string name;
  double percent = 0;
};

// One bar after another; `reference` is marked through all of them.
std::string bar_plot(std::string_view axis, const std::vector<Bar>& bars, const Bar& reference);

struct Epoch {
  double number = 0;
  std::optional<double> loss;     // mean training loss
  std::optional<double> dev_eer;  // fraction
};

// Training loss and EER on `part`, the data that selects, per epoch, the best epoch marked.
std::string learning_curves(const std::vector<Epoch>& epochs, std::string_view part = "dev");

}  // namespace bonafide
