#include "metrics/score_health.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "metrics/eer.h"

namespace bonafide {

namespace {

constexpr double kSaturatedShare = 0.005;

double share(size_t part, const Ranking& ranking) {
  return static_cast<double>(part) / static_cast<double>(ranking.size());
}

}  // namespace

ScoreHealth examine(const Ranking& ranking) {
  ScoreHealth health;
  for_each_distinct(ranking, [&](double, size_t first, size_t last) {
    // Positives come first inside a tie.
    if (ranking.positive(first) && !ranking.positive(last - 1)) health.tied += last - first;
    if (first == 0) health.at_bottom = last;
    if (last == ranking.size()) health.at_top = last - first;
  });
  health.infinite = ranking.has_infinity();
  health.official_eer = det_eer(ranking).value;
  // "arena" takes infinities too.
  health.tie_aware_eer = equal_error_rate(EerVariant::kArena, ranking).value;
  return health;
}

std::vector<std::string> warnings(const ScoreHealth& health, const Ranking& ranking) {
  std::vector<std::string> sentences;
  // Without ties the two differ by less than one step of the curve.
  const double step = 1.0 / static_cast<double>(std::min(ranking.positives(), ranking.negatives()));
  if (health.tied > 0 && std::abs(health.official_eer - health.tie_aware_eer) > step) {
    sentences.push_back(fmt::format(
        "{:.2f} % of the trials share their score with a trial of the other class: the official "
        "EER {:.4f} % depends on their order, with ties merged it is {:.4f} %",
        100 * share(health.tied, ranking), 100 * health.official_eer, 100 * health.tie_aware_eer));
  }
  for (const auto& [count, rank, which] : {std::tuple(health.at_top, ranking.size() - 1, "highest"),
                                           std::tuple(health.at_bottom, size_t{0}, "lowest")}) {
    if (count < 2 || share(count, ranking) < kSaturatedShare) continue;
    sentences.push_back(fmt::format(
        "{} trials ({:.2f} %) have the {} score, {:.6g}: saturated? Logits keep what a softmax "
        "loses",
        count, 100 * share(count, ranking), which, ranking.score(rank)));
  }
  if (health.tie_aware_eer > 0.5) {
    sentences.push_back(
        fmt::format("the EER is above 50 %: are the scores inverted? Negated they have {:.2f} %",
                    100 * (1 - health.tie_aware_eer)));
  }
  if (health.infinite) sentences.emplace_back("some scores are infinite");
  return sentences;
}

}  // namespace bonafide
