#include "metrics/asv_scores.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "trials/trial_table.h"
#include "trials/trials.h"

namespace bonafide {

namespace {

Trials read_asv_trials(const std::string& path, const std::string& key) {
  if (key.empty()) return labelled_trials(TrialTable::read(path));
  const auto tables = TrialTable::read_both(path, key);
  return join(tables.first, tables.second);
}

}  // namespace

AsvSystem read_asv_system(const std::string& path, const std::string& key) {
  const Trials asv = read_asv_trials(path, key);
  // A file with a single kind of score need not say that it is the ASV system's.
  const std::vector<double>& scores = asv.asv_scores.empty() ? asv.cm_scores : asv.asv_scores;
  if (scores.empty()) {
    throw UsageError(fmt::format("{}: no column asv-score or score", printable(path)));
  }
  if (std::find(asv.classes.begin(), asv.classes.end(), Truth::kBonaFide) != asv.classes.end()) {
    throw UsageError(fmt::format(
        "{}: bona fide trials that are neither target nor nontarget; of an ASV system's trials the "
        "labels are target, nontarget and spoof",
        printable(key.empty() ? path : key)));
  }
  const auto of = [&](Truth wanted) {
    return scores_of(asv, scores, [&](Truth c) { return c == wanted; });
  };
  const auto target = of(Truth::kTarget);
  const auto nontarget = of(Truth::kNontarget);
  const auto spoof = of(Truth::kSpoof);
  return asv_system({target, nontarget, spoof});
}

}  // namespace bonafide
