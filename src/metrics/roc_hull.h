#pragma once

#include <vector>

#include "metrics/eer.h"
#include "metrics/ranking.h"

namespace bonafide {

// A corner of the lower convex hull of the points (false alarm, miss) that thresholds can reach.
struct HullPoint {
  double threshold = 0;  // scores above it are accepted
  size_t missed = 0;
  size_t accepted = 0;  // negatives
};

// From "accept everything" to "reject everything".
std::vector<HullPoint> roc_convex_hull(const Ranking& ranking);

// Where the hull meets miss = false alarm (BOSARIS; ASVspoof 2015 and 2017).
Eer rocch_eer(const Ranking& ranking);

}  // namespace bonafide
