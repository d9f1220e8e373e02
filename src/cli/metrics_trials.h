#pragma once

#include <optional>

#include "cli/metrics_options.h"
#include "trials/trials.h"

namespace bonafide {

enum class TrialKind {
  kDetection,     // bona fide and spoofed trials
  kVerification,  // targets, and nontargets or spoofs
  kOneClass,
};

// What the labels make of trials. Targets and spoofs alone are those of a detector where an ASV
// system or its protocol is named beside them. Throws UsageError for nontargets and spoofs without
// CM scores, of which there is no figure.
TrialKind kind_of(const Trials& trials, const MetricsOptions& options);

// The trials of the score file after all filters, and the same trials with the scores of the system
// to compare with.
struct MetricsTrials {
  Trials trials;
  std::optional<Trials> compared;
};

// Throws UsageError for files that do not fit each other and for filters that name nothing.
MetricsTrials read_metrics_trials(const MetricsOptions& options);

}  // namespace bonafide
