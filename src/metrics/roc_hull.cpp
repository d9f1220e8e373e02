#include "metrics/roc_hull.h"

#include <limits>

namespace bonafide {

namespace {

double distance(size_t from, size_t to) {
  return static_cast<double>(to) - static_cast<double>(from);
}

// Whether b lies on or above the straight line from a to c, and so is no corner of the lower hull.
bool above(const HullPoint& a, const HullPoint& b, const HullPoint& c) {
  return distance(c.accepted, a.accepted) * distance(a.missed, b.missed) >=
         distance(b.accepted, a.accepted) * distance(a.missed, c.missed);
}

}  // namespace

std::vector<HullPoint> roc_convex_hull(const Ranking& ranking) {
  std::vector<HullPoint> hull = {
      {-std::numeric_limits<double>::infinity(), 0, ranking.negatives()}};
  size_t missed = 0;
  for_each_distinct(ranking, [&](double score, size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) missed += ranking.positive(i) ? 1 : 0;
    const HullPoint point{score, missed, ranking.negatives() - (last - missed)};
    while (hull.size() > 1 && above(hull[hull.size() - 2], hull.back(), point)) hull.pop_back();
    hull.push_back(point);
  });
  return hull;
}

Eer rocch_eer(const Ranking& ranking) {
  const std::vector<HullPoint> hull = roc_convex_hull(ranking);
  const auto miss = [&](const HullPoint& p) {
    return static_cast<double>(p.missed) / static_cast<double>(ranking.positives());
  };
  const auto false_alarm = [&](const HullPoint& p) {
    return static_cast<double>(p.accepted) / static_cast<double>(ranking.negatives());
  };
  size_t i = 1;
  while (miss(hull[i]) < false_alarm(hull[i])) ++i;
  const double below = false_alarm(hull[i - 1]) - miss(hull[i - 1]);
  const double above = miss(hull[i]) - false_alarm(hull[i]);
  const double share = below / (below + above);
  return {miss(hull[i - 1]) + share * (miss(hull[i]) - miss(hull[i - 1])), hull[i].threshold};
}

}  // namespace bonafide
