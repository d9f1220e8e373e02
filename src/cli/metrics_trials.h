#pragma once

#include <optional>

#include "cli/metrics_options.h"
#include "metrics/trials.h"

namespace bonafide {

// The trials of the score file after all filters, and the same trials with the scores of the system
// to compare with.
struct MetricsTrials {
  Trials trials;
  std::optional<Trials> compared;
};

// Throws UsageError for files that do not fit each other and for filters that name nothing.
MetricsTrials read_metrics_trials(const MetricsOptions& options);

}  // namespace bonafide
