#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "trials/factor.h"
#include "trials/trial_table.h"

namespace bonafide {

// Scores with what the trials really are. Score vectors are empty when the file has no such column.
struct Trials {
  std::vector<Truth> classes;
  std::vector<double> cm_scores;
  std::vector<double> asv_scores;
  std::vector<double> sasv_scores;
  std::vector<Factor> factors;
  size_t left_out = 0;          // trials without score or without label, when that is allowed
  bool joined_by_stem = false;  // ids agreed only without extensions, or folders too

  size_t size() const { return classes.size(); }
  const Factor* find_factor(std::string_view name) const;  // null: not read or not there
  // Throws UsageError, with the nearest name, when no file had this column.
  const Factor& factor(std::string_view name) const;

  // The trials for which `keep` holds.
  Trials filter(const std::function<bool(size_t trial)>& keep) const;
};

struct JoinOptions {
  bool partial = false;  // use the trials that both files have instead of demanding the same ones
  // Rows of the key that need no score; null: none.
  std::function<bool(size_t key_row)> dispensable = {};
};

// Throws UsageError naming the first few trials whose id stands in an earlier row too.
void refuse_duplicates(const TrialTable& table);

// Scores of a file that says itself what its trials are. Throws UsageError for a file without
// labels and, unless `repeats` are allowed, for duplicate ids.
Trials labelled_trials(const TrialTable& scores, bool repeats = false);

// Joins by id, never by row. Throws UsageError naming the first few: ids that stand twice in either
// file, trials of the key without score, scores without a trial in the key, labels that disagree.
Trials join(const TrialTable& scores, const TrialTable& key, const JoinOptions& options = {});

// Scores of the trials of one kind, in order.
std::vector<double> scores_of(const Trials& trials, const std::vector<double>& scores,
                              const std::function<bool(Truth)>& wanted);

}  // namespace bonafide
