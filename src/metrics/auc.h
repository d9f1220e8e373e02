#pragma once

#include "metrics/ranking.h"

namespace bonafide {

// Area under the ROC curve: how often a positive scores above a negative; equal scores count half.
double auc(const Ranking& ranking);

}  // namespace bonafide
