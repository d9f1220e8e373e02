#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "metrics/tandem_cost.h"

namespace bonafide {

struct Asvspoof2019ReportOptions {
  // The known attacks of the LA evaluation part by default, A07 .. A19.
  std::vector<std::string> attacks = {"A07", "A08", "A09", "A10", "A11", "A12", "A13",
                                      "A14", "A15", "A16", "A17", "A18", "A19"};
  TandemCosts costs = {};
};

struct Asvspoof2019Report {
  std::string text;  // as the ASVspoof 2019 tools (AASIST's evaluation.py and others) write it
  double eer = 0;    // fraction
  double min_tdcf = 0;
};

// `cm_scores`: lines "utterance attack key score", key bonafide or spoof. `asv_scores`: lines
// "source key score", key target, nontarget or spoof. An attack without trials has the EER "nan".
// Throws UsageError naming file and line for a broken line or an utterance that stands twice, Error
// for a class without trials.
Asvspoof2019Report asvspoof2019_report(const std::filesystem::path& cm_scores,
                                       const std::filesystem::path& asv_scores,
                                       const Asvspoof2019ReportOptions& options = {});

}  // namespace bonafide
