#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "metrics/ranking.h"

namespace bonafide {

// What makes scores of two classes suspicious.
struct ScoreHealth {
  size_t tied = 0;    // trials whose score a trial of the other class has too
  size_t at_top = 0;  // trials with the highest score, the lowest
  size_t at_bottom = 0;
  double official_eer = 0;   // variant det
  double tie_aware_eer = 0;  // with ties merged
  bool infinite = false;
};

ScoreHealth examine(const Ranking& ranking);

// Sentences for people: ties that move the official EER, saturation, a sign that looks inverted,
// infinities. Empty when all is well.
std::vector<std::string> warnings(const ScoreHealth& health, const Ranking& ranking);

}  // namespace bonafide
