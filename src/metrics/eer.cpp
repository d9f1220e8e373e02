#include "metrics/eer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "metrics/det.h"
#include "metrics/roc_hull.h"

namespace bonafide {

namespace {

// What a threshold t does when scores >= t are accepted.
struct Operating {
  double threshold = 0;
  double miss = 0;
  double false_alarm = 0;
};

Operating operating_point(const Ranking& ranking, double threshold, size_t missed,
                          size_t rejected_negatives) {
  return {threshold, static_cast<double>(missed) / static_cast<double>(ranking.positives()),
          static_cast<double>(ranking.negatives() - rejected_negatives) /
              static_cast<double>(ranking.negatives())};
}

// Calls visit(point, missed, accepted negatives) for each distinct score as threshold, ascending.
template <typename Visit>
void for_each_threshold(const Ranking& ranking, Visit visit) {
  size_t missed = 0;
  for_each_distinct(ranking, [&](double score, size_t first, size_t last) {
    visit(operating_point(ranking, score, missed, first - missed), missed,
          ranking.negatives() - (first - missed));
    for (size_t i = first; i < last; ++i) missed += ranking.positive(i) ? 1 : 0;
  });
}

void refuse_not_finite(const Ranking& ranking, std::string_view variant) {
  if (!ranking.has_nan() && !ranking.has_infinity()) return;
  throw Error(fmt::format("scores hold {}, which the EER variant \"{}\" does not take",
                          ranking.has_nan() ? "NaN" : "infinity", variant));
}

Eer brentq_eer(const Ranking& ranking) {
  refuse_not_finite(ranking, "brentq");
  // The rates meet between the last threshold with miss <= false alarm and the next one.
  Operating low{ranking.score(0), 0, 1};
  std::optional<Operating> high;
  for_each_threshold(ranking, [&](const Operating& point, size_t, size_t) {
    if (high) return;
    if (point.miss <= point.false_alarm) {
      low = point;
    } else {
      high = point;
    }
  });
  // Above the largest score everything is rejected.
  if (!high) high = Operating{low.threshold, 1, 0};
  const double below = low.false_alarm - low.miss;
  const double above = high->miss - high->false_alarm;
  const double share = below / (below + above);
  return {low.false_alarm + share * (high->false_alarm - low.false_alarm),
          low.threshold + share * (high->threshold - low.threshold)};
}

Eer det_curve_eer(const Ranking& ranking) {
  refuse_not_finite(ranking, "detcurve");
  // scikit-learn keeps one threshold without misses, the highest, and one at the lowest false alarm
  // rate, the lowest; "reject everything" is not among its points.
  size_t top_negatives = 0;
  for_each_threshold(ranking,
                     [&](const Operating&, size_t, size_t accepted) { top_negatives = accepted; });
  Operating best;
  double best_difference = std::numeric_limits<double>::infinity();
  bool done = false;
  for_each_threshold(ranking, [&](const Operating& point, size_t missed, size_t accepted) {
    if (done) return;
    const double difference = std::abs(point.miss - point.false_alarm);
    if (missed == 0 || difference < best_difference) {
      best = point;
      best_difference = difference;
    }
    done = accepted == top_negatives;
  });
  return {(best.false_alarm + best.miss) / 2, best.threshold};
}

// The points of scikit-learn's roc_curve with its default of dropping collinear ones: a group of
// equal scores whose successor is composed alike is left out.
struct RocGroup {
  double score = 0;
  size_t positives = 0;
  size_t negatives = 0;
};

Eer vox_eer(const Ranking& ranking) {
  refuse_not_finite(ranking, "vox");
  std::vector<RocGroup> groups;  // by descending score
  for_each_distinct(ranking, [&](double score, size_t first, size_t last) {
    RocGroup group{score, 0, 0};
    for (size_t i = first; i < last; ++i)
      ++(ranking.positive(i) ? group.positives : group.negatives);
    groups.push_back(group);
  });
  std::reverse(groups.begin(), groups.end());

  const auto positives = static_cast<double>(ranking.positives());
  const auto negatives = static_cast<double>(ranking.negatives());
  Eer best{1, std::numeric_limits<double>::infinity()};  // reject everything: miss 1, false alarm 0
  double best_difference = 1;
  size_t hits = 0;
  size_t false_alarms = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    hits += groups[i].positives;
    false_alarms += groups[i].negatives;
    const bool collinear = i > 0 && i + 1 < groups.size() &&
                           groups[i].positives == groups[i + 1].positives &&
                           groups[i].negatives == groups[i + 1].negatives;
    if (collinear) continue;
    const double miss = 1 - static_cast<double>(hits) / positives;
    const double false_alarm = static_cast<double>(false_alarms) / negatives;
    const double difference = std::abs(miss - false_alarm);
    if (difference < best_difference) {
      best_difference = difference;
      best = {std::max(false_alarm, miss), groups[i].score};
    }
  }
  return best;
}

int sign(double x) { return (x > 0) - (x < 0); }

Eer arena_eer(const Ranking& ranking) {
  std::optional<Operating> before;
  std::optional<Eer> crossing;
  Operating nearest;
  double nearest_difference = std::numeric_limits<double>::infinity();
  for_each_threshold(ranking, [&](const Operating& point, size_t, size_t) {
    if (crossing) return;
    const double difference = point.false_alarm - point.miss;
    if (before && sign(before->false_alarm - before->miss) != sign(difference)) {
      const double start = before->false_alarm - before->miss;
      const double share = start / (start - difference);
      const double false_alarm =
          before->false_alarm + share * (point.false_alarm - before->false_alarm);
      const double miss = before->miss + share * (point.miss - before->miss);
      crossing = Eer{(false_alarm + miss) / 2,
                     before->threshold + share * (point.threshold - before->threshold)};
      return;
    }
    if (std::abs(difference) < nearest_difference) {
      nearest_difference = std::abs(difference);
      nearest = point;
    }
    before = point;
  });
  if (crossing) return *crossing;
  return {(nearest.false_alarm + nearest.miss) / 2, nearest.threshold};
}

// Unlike det.h there is no point before the first trial, and the false alarm rate is 1 - k/N.
Eer wespeaker_eer(const Ranking& ranking) {
  const auto positives = static_cast<double>(ranking.positives());
  const auto negatives = static_cast<double>(ranking.negatives());
  std::optional<Operating> first_above;
  std::optional<Operating> last_below;
  size_t missed = 0;
  for (size_t i = 0; i < ranking.size(); ++i) {
    missed += ranking.positive(i) ? 1 : 0;
    const Operating point{ranking.score(i), static_cast<double>(missed) / positives,
                          1 - static_cast<double>(i + 1 - missed) / negatives};
    if (point.miss < point.false_alarm) {
      last_below = point;
    } else if (!first_above) {
      first_above = point;
    }
  }
  if (!last_below || !first_above) {
    throw Error("the EER variant \"wespeaker\" finds no crossing: too few trials");
  }
  const Operating& low = *first_above;
  const Operating& high = *last_below;
  const double share =
      (low.miss - low.false_alarm) / (high.false_alarm - low.false_alarm - (high.miss - low.miss));
  return {low.miss + share * (high.miss - low.miss), low.threshold};
}

}  // namespace

const std::vector<NamedEerVariant>& eer_variants() {
  static const std::vector<NamedEerVariant> table = {
      {"det", EerVariant::kDet, "ASVspoof 2019, 2021 and 5: nearest point, ties not merged"},
      {"brentq", EerVariant::kBrentq, "SASV challenge: interpolated, ties merged"},
      {"detcurve", EerVariant::kDetCurve, "scikit-learn det_curve: nearest point, ties merged"},
      {"vox", EerVariant::kVox, "VoxCeleb trainers: the larger rate at the nearest point"},
      {"arena", EerVariant::kArena, "Speech Anti-Spoofing Arena: interpolated, ties merged"},
      {"rocch", EerVariant::kRocch, "BOSARIS, ASVspoof 2015/2017: on the convex hull"},
      {"wespeaker", EerVariant::kWespeaker, "WeSpeaker: interpolated, ties not merged"},
  };
  return table;
}

EerVariant parse_eer_variant(std::string_view name) {
  std::vector<std::string> names;
  for (const NamedEerVariant& entry : eer_variants()) {
    if (entry.name == name) return entry.variant;
    names.emplace_back(entry.name);
  }
  throw UsageError(fmt::format("no EER variant called \"{}\"; there are: {}", printable(name),
                               fmt::join(names, ", ")));
}

std::string_view name_of(EerVariant variant) {
  return eer_variants()[static_cast<size_t>(variant)].name;
}

Eer equal_error_rate(EerVariant variant, const Ranking& ranking) {
  switch (variant) {
    case EerVariant::kDet:
      return det_eer(ranking);
    case EerVariant::kBrentq:
      return brentq_eer(ranking);
    case EerVariant::kDetCurve:
      return det_curve_eer(ranking);
    case EerVariant::kVox:
      return vox_eer(ranking);
    case EerVariant::kArena:
      return arena_eer(ranking);
    case EerVariant::kRocch:
      return rocch_eer(ranking);
    case EerVariant::kWespeaker:
      return wespeaker_eer(ranking);
  }
  throw Error("an EER variant without a rule");
}

Eer det_eer(const Ranking& ranking) {
  const DetPoint point = closest_det_point(ranking);
  return {(point.miss + point.false_alarm) / 2, point.threshold};
}

Eer det_eer(std::span<const double> bona_fide, std::span<const double> spoof) {
  return det_eer(Ranking(bona_fide, spoof));
}

}  // namespace bonafide
