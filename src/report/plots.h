#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "metrics/ranking.h"

namespace bonafide {

// Every function returns a whole SVG picture (svg.h).

struct RankedSystem {
  std::string name;
  const Ranking* ranking = nullptr;
};

// Miss against false alarm rate on probit axes, one line per system, with the det EERs marked.
std::string det_plot(const std::vector<RankedSystem>& systems);

// Share of each class per bin of the score, with the threshold marked when given.
std::string score_histogram(std::span<const double> bona_fide, std::span<const double> spoof,
                            std::optional<double> threshold = std::nullopt);

struct Epoch {
  double number = 0;
  std::optional<double> loss;     // mean training loss
  std::optional<double> dev_eer;  // fraction
};

// Training loss and EER on the development set per epoch, the best epoch marked.
std::string learning_curves(const std::vector<Epoch>& epochs);

}  // namespace bonafide
