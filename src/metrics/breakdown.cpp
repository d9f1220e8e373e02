#include "metrics/breakdown.h"

#include <algorithm>

namespace bonafide {

namespace {

bool means_none(const std::string& value) {
  return value.empty() || value == "-" || find_truth(value) == Truth::kBonaFide;
}

}  // namespace

std::vector<Condition> conditions(const Trials& trials, const Factor& factor) {
  std::vector<bool> of_bona_fide(factor.values().size(), false);
  std::vector<bool> of_spoof(factor.values().size(), false);
  for (size_t i = 0; i < trials.size(); ++i) {
    (is_bona_fide(trials.classes[i]) ? of_bona_fide : of_spoof)[factor.codes()[i]] = true;
  }
  const bool both_sides =
      std::find(of_bona_fide.begin(), of_bona_fide.end(), true) != of_bona_fide.end() &&
      std::find(of_spoof.begin(), of_spoof.end(), true) != of_spoof.end();
  const bool of_attacks = factor.name() == "attack";
  bool disjoint = both_sides;
  for (size_t code = 0; code < factor.values().size(); ++code) {
    const bool unknown = of_attacks && means_none(factor.values()[code]);
    disjoint = disjoint && (unknown || !(of_bona_fide[code] && of_spoof[code]));
  }
  std::vector<Condition> result;
  for (uint32_t code = 0; code < factor.values().size(); ++code) {
    const std::string& value = factor.values()[code];
    if (!of_bona_fide[code] && !of_spoof[code]) continue;
    if (disjoint && of_bona_fide[code] && means_none(value)) continue;
    const FactorSide side = !disjoint        ? FactorSide::kBoth
                            : of_spoof[code] ? FactorSide::kSpoof
                                             : FactorSide::kBonaFide;
    result.push_back({value, code, side});
  }
  std::sort(result.begin(), result.end(),
            [](const Condition& a, const Condition& b) { return a.value < b.value; });
  return result;
}

}  // namespace bonafide
