#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "metrics/bootstrap.h"
#include "metrics/comparison.h"
#include "metrics/detector_trials.h"
#include "metrics/factor.h"
#include "metrics/resampling.h"
#include "metrics/sasv.h"
#include "metrics/tandem_eer.h"
#include "metrics/trials.h"

namespace bonafide {

struct SasvOptions {
  EerVariant eer = EerVariant::kBrentq;  // the challenge's
  bool official = false;                 // the t-EER as the ASVspoof 5 package searches it
  size_t resamples = 0;                  // 0: no intervals
  Resampling resampling = Resampling::kPlain;
  double confidence = 0.95;
  uint64_t seed = 0;
};

struct SasvIntervals {
  Interval sasv;
  Interval sv;
  Interval spf;
  Interval asvspoof5;
  Interval paper;
  std::optional<Interval> tandem_eer;
  std::optional<Interval> min_tandem_dcf;
};

// All figures of spoofing-aware speaker verification on one set of trials.
struct SasvResult {
  size_t target = 0;
  size_t nontarget = 0;
  size_t spoof = 0;
  SasvEers eers;   // of the single score
  Cost asvspoof5;  // a-DCF with the costs of ASVspoof 5
  Cost paper;      // a-DCF1
  std::optional<SasvIntervals> intervals;
  std::optional<TandemEer> tandem_eer;  // with separate ASV and CM scores
  std::optional<double> min_tandem_dcf;
  std::vector<std::string> warnings;  // figures that the scores do not allow

  // What a table says: "SASV-EER %", "1.4213", "[1.3021, 1.5511]".
  struct Row {
    std::string name;
    std::string value;
    std::string note;
  };
  std::vector<Row> rows() const;
  std::string text() const;  // the rows for a terminal
  Json to_json() const;
};

// Whether the trials are those of verification: all bona fide ones are targets or nontargets.
bool are_verification_trials(const Trials& trials);

// The single score is the SASV score, else the only one there is.
SasvResult evaluate_sasv(const Trials& trials, const SasvOptions& options = {});

// The trials with one value of a factor. No result: a class has no trials there, or what `problem`
// says.
struct SasvCondition {
  std::string value;
  std::optional<SasvResult> result;
  std::string problem = {};
};
std::vector<SasvCondition> evaluate_sasv_by(const Trials& trials, const Factor& factor,
                                            const SasvOptions& options = {});

// SASV-EERs of two crossed factors, as fractions.
CrossTable cross_sasv_eers(const Trials& trials, const Factor& row_factor,
                           const Factor& column_factor, EerVariant variant);

// Compares the single scores of two systems for the same trials, in the same order: EERs and
// a-DCFs, and the decisions at `threshold`, or at each system's det SASV-EER.
Comparison compare_sasv(const Trials& first, const Trials& second, const SasvOptions& options = {},
                        std::optional<double> threshold = std::nullopt);

}  // namespace bonafide
