#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "metrics/bootstrap.h"
#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "metrics/resampling.h"
#include "metrics/tandem_cost.h"

namespace bonafide {

struct DetectorOptions {
  EerVariant eer = EerVariant::kDet;
  DetectionCosts costs = {};
  std::optional<AsvSystem> asv = {};  // adds the t-DCFs
  bool official = false;              // Cllr overflows as in the ASVspoof 5 package
  size_t resamples = 0;               // 0: no intervals
  Resampling resampling = Resampling::kPlain;
  double confidence = 0.95;
  uint64_t seed = 0;
};

// A figure with its interval, when there is one.
struct Estimate {
  double value = 0;
  std::optional<Interval> interval;
};

// The system's trials, EER and rates; what was not measured is null, with the reason.
Json asv_json(const AsvSystem& asv);

// All figures of a countermeasure on one set of trials.
struct DetectorResult {
  size_t bona_fide = 0;
  size_t spoof = 0;
  EerVariant variant = EerVariant::kDet;
  Estimate eer;
  double eer_threshold = 0;
  double tie_aware_eer = 0;
  Estimate min_dcf;
  double min_dcf_threshold = 0;
  double actual_dcf = 0;
  Estimate cllr;
  double min_cllr = 0;
  double auc = 0;
  size_t tied_trials = 0;
  std::optional<AsvSystem> asv;                // behind the countermeasure, if it is known
  std::optional<Estimate> legacy_tandem_dcf;   // 2019
  std::optional<Estimate> revised_tandem_dcf;  // 2021 and 5
  std::map<std::string, std::string> reasons;  // of t-DCFs without a value, by their name in JSON
  std::vector<std::string> warnings;

  Json to_json() const;
};

// `speakers`: of the trials, bona fide ones first; needed for some resamplings only. A t-DCF that
// the scores do not allow (two distinct scores, no spoofs of the ASV system) has a reason instead.
// Throws Error when a class has no trials, and for scores that the EER variant does not take.
DetectorResult evaluate_detector(std::span<const double> bona_fide, std::span<const double> spoof,
                                 const DetectorOptions& options = {},
                                 const TrialSpeakers& speakers = {});

}  // namespace bonafide
