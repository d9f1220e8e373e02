#pragma once

#include <vector>

#include "base/random.h"

namespace bonafide {

// Normal scores with the given mean and deviation.
inline std::vector<double> normal_scores(size_t n, double mean, double deviation, uint64_t seed) {
  Random random(seed);
  std::vector<double> scores(n);
  for (double& score : scores) score = mean + deviation * random.normal();
  return scores;
}

}  // namespace bonafide
