#pragma once

#include <string>
#include <vector>

#include "base/json_value.h"

namespace bonafide {

// What an official evaluation package needs.
struct OfficialRequest {
  std::string corpus;  // asvspoof2019-la, asvspoof2021-la|df|pa, asvspoof5-track1|track2
  std::string scores;
  std::string key;
  std::string asv_scores;
  std::string asv_key;
  std::string subset = "eval";
  bool official = false;  // repeat the package's errors too
};

struct OfficialReport {
  std::string text;
  // The text's figures in full precision: "metrics" (rates, not percent) or "tables" (as printed).
  Json figures;
  // Cells that had to stay empty, and figures that the package has otherwise.
  std::vector<std::string> warnings = {};
};

// The text that the corpus' own package prints for these scores. Throws UsageError for an unknown
// corpus and for a file that it needs and does not get.
OfficialReport official_report(const OfficialRequest& request);

}  // namespace bonafide
