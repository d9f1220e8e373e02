#include "metrics/asv_scores.h"

#include "metrics/trial_table.h"
#include "metrics/trials.h"

namespace bonafide {

AsvRates read_asv_rates(const std::string& path) {
  const Trials asv = labelled_trials(TrialTable::read(path));
  const auto of = [&](TrialClass wanted) {
    return scores_of(asv, asv.cm_scores, [&](TrialClass c) { return c == wanted; });
  };
  const auto target = of(TrialClass::kTarget);
  const auto nontarget = of(TrialClass::kNontarget);
  const auto spoof = of(TrialClass::kSpoof);
  return asv_operating_point({target, nontarget, spoof});
}

}  // namespace bonafide
