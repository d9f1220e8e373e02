#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/trial.h"
#include "trials/columns.h"

namespace bonafide {

// What a column says of a trial (trials/columns.h), as text: what lists, manifests and JSON objects
// have in common.
struct TrialField {
  std::string_view name;
  ColumnRole role;
  bool always;  // a column of every manifest that is written
  // Throws UsageError for a text that cannot be meant. Paths are taken as they stand.
  std::function<void(Trial&, std::string_view)> set;
  std::function<std::string(const Trial&)> get;
};

// Those of all columns but scores, in the order of trial_columns(), in which manifests write them.
// Enrolments are separated by ";". "sasv_label" and "target01" are read only: written is "asv_key".
const std::vector<TrialField>& trial_fields();

// The field that a word means by itself; null when there is none.
const TrialField* find_trial_field(std::string_view name);

// What the columns of a header mean together (find_trial_columns()); null: no field of a trial.
std::vector<const TrialField*> find_trial_fields(const std::vector<std::string>& header);

// Sets a field that may be set already, by another name of it. Throws UsageError where the two
// contradict each other.
void set_once(Trial& trial, const TrialField& field, std::string_view text);

// Whether a field is left open: blank, or "-" as protocols write it.
bool is_missing(std::string_view text);

// What a reader of manifests does once all fields of a trial are set: the id defaults to the
// member's name or the path as written, a bona fide trial has no attack, paths are resolved against
// `folder`. Throws UsageError when the fields do not make a trial.
void complete_trial(Trial& trial, const std::filesystem::path& folder);

// The trial with its paths relative to `folder` where they lie below it, and else absolute.
Trial with_paths_relative_to(Trial trial, const std::filesystem::path& folder);

}  // namespace bonafide
