#include "metrics/tandem_eer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "base/error.h"
#include "metrics/det.h"
#include "metrics/ranking.h"

namespace bonafide {

namespace {

struct AsvPoint {
  double miss = 0;
  double nontarget_accepted = 0;
  double spoof_accepted = 0;
};

struct CmPoint {
  double miss = 0;
  double spoof_accepted = 0;
};

std::vector<AsvPoint> asv_curve(const Ranking& ranking) {
  std::vector<AsvPoint> curve = {{0, 1, 1}};
  curve.reserve(ranking.size() + 1);
  size_t rejected[Ranking::kMaxClasses] = {};
  const auto share = [&](size_t c) {
    return static_cast<double>(rejected[c]) / static_cast<double>(ranking.count(c));
  };
  for (size_t rank = 0; rank < ranking.size(); ++rank) {
    ++rejected[ranking.class_of(rank)];
    curve.push_back({share(0), 1 - share(1), 1 - share(2)});
  }
  return curve;
}

std::vector<CmPoint> cm_curve(const Ranking& ranking) {
  std::vector<CmPoint> curve;
  curve.reserve(ranking.size() + 1);
  for_each_det_point(ranking, [&](size_t, double miss, double false_alarm) {
    curve.push_back({miss, false_alarm});
  });
  return curve;
}

// Part of a curve: every `step`-th of its points from `first` on.
template <typename P>
struct Part {
  const std::vector<P>& curve;
  size_t first = 0;
  size_t step = 1;
  size_t count = 0;

  const P& operator[](size_t i) const { return curve[first + i * step]; }
  size_t index(size_t i) const { return first + i * step; }
};

template <typename P>
Part<P> whole(const std::vector<P>& curve) {
  return {curve, 0, 1, curve.size()};
}

template <typename P>
Part<P> decimated(const std::vector<P>& curve, size_t step) {
  return {curve, 0, step, (curve.size() + step - 1) / step};
}

template <typename P>
Part<P> window(const std::vector<P>& curve, size_t centre, size_t reach) {
  const size_t first = centre > reach ? centre - reach : 0;
  return {curve, first, 1, std::min(centre + reach, curve.size()) - first};
}

struct Crossing {
  size_t asv_index = 0;
  size_t cm_index = 0;
  double value = 0;
};

// The published code walks all pairs; its rules are kept, with the same floating-point expressions:
// for each ASV point the first CM point with the smallest |miss - false alarm|, then the ASV point
// at which the ratios of the two false alarm rates agree best.
Crossing search(const Part<CmPoint>& cm, const Part<AsvPoint>& asv, double prevalence) {
  const auto imbalance = [&](const CmPoint& c, const AsvPoint& a) {
    const double miss = c.miss + (1 - c.miss) * a.miss;
    const double false_alarm = (1 - prevalence) * (1 - c.miss) * a.nontarget_accepted +
                               prevalence * c.spoof_accepted * a.spoof_accepted;
    return miss - false_alarm;
  };
  std::optional<Crossing> best;
  double best_difference = std::numeric_limits<double>::infinity();
  size_t above = cm.count;  // the first CM point with more misses than false alarms
  for (size_t j = 0; j < asv.count; ++j) {
    const AsvPoint& a = asv[j];
    while (above > 0 && imbalance(cm[above - 1], a) >= 0) --above;
    if (!(a.miss < (1 - prevalence) * a.nontarget_accepted + prevalence * a.spoof_accepted)) {
      continue;
    }
    size_t k = std::min(above, cm.count - 1);
    if (k > 0 && std::abs(imbalance(cm[k - 1], a)) <= std::abs(imbalance(cm[k], a))) --k;
    const double difference =
        std::abs(a.nontarget_accepted / a.spoof_accepted - cm[k].spoof_accepted / (1 - cm[k].miss));
    if (difference < best_difference) {
      best_difference = difference;
      best = Crossing{asv.index(j), cm.index(k), a.spoof_accepted * cm[k].spoof_accepted};
    }
  }
  if (!best) {
    throw Error("t-EER: no ASV threshold has fewer misses than false alarms; is the sign right?");
  }
  return *best;
}

struct Curves {
  Curves(const Ranking& asv_trials, const Ranking& cm_trials)
      : asv_ranking(asv_trials),
        cm_ranking(cm_trials),
        asv(asv_curve(asv_trials)),
        cm(cm_curve(cm_trials)) {}

  TandemEer result(const Crossing& crossing) const {
    return {crossing.value, crossing.asv_index, crossing.cm_index,
            det_threshold(asv_ranking, crossing.asv_index),
            det_threshold(cm_ranking, crossing.cm_index)};
  }

  const Ranking& asv_ranking;
  const Ranking& cm_ranking;
  std::vector<AsvPoint> asv;
  std::vector<CmPoint> cm;
};

}  // namespace

Ranking asv_ranking(const TandemScores& scores) {
  return Ranking({{"target", scores.target.asv},
                  {"nontarget", scores.nontarget.asv},
                  {"spoof", scores.spoof.asv}});
}

Ranking cm_ranking(const TandemScores& scores) {
  std::vector<double> bona_fide(scores.target.cm.begin(), scores.target.cm.end());
  bona_fide.insert(bona_fide.end(), scores.nontarget.cm.begin(), scores.nontarget.cm.end());
  return Ranking(bona_fide, scores.spoof.cm);
}

TandemEer tandem_eer(const Ranking& asv, const Ranking& cm, double spoof_prevalence) {
  const Curves curves(asv, cm);
  return curves.result(search(whole(curves.cm), whole(curves.asv), spoof_prevalence));
}

TandemEer tandem_eer(const TandemScores& scores, double spoof_prevalence) {
  return tandem_eer(asv_ranking(scores), cm_ranking(scores), spoof_prevalence);
}

TandemEer official_tandem_eer(const Ranking& asv, const Ranking& cm, double spoof_prevalence) {
  constexpr size_t kPoints = 3000;
  constexpr size_t kReach = 1600;
  const Curves curves(asv, cm);
  const size_t asv_step = curves.asv.size() / kPoints;
  const size_t cm_step = curves.cm.size() / kPoints;
  if (asv_step == 0 || cm_step == 0) {
    return curves.result(search(whole(curves.cm), whole(curves.asv), spoof_prevalence));
  }
  const Crossing rough =
      search(decimated(curves.cm, cm_step), decimated(curves.asv, asv_step), spoof_prevalence);
  return curves.result(search(window(curves.cm, rough.cm_index, kReach),
                              window(curves.asv, rough.asv_index, kReach), spoof_prevalence));
}

TandemEer official_tandem_eer(const TandemScores& scores, double spoof_prevalence) {
  return official_tandem_eer(asv_ranking(scores), cm_ranking(scores), spoof_prevalence);
}

}  // namespace bonafide
