#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// A field of a trial by name, as text: what lists, manifests and JSON objects have in common.
struct TrialField {
  std::string_view name;
  std::vector<std::string_view> aliases;  // other names that tables give it
  bool always;                            // a column of every manifest that is written
  // Throws UsageError for a text that cannot be meant. Paths are taken as they stand.
  std::function<void(Trial&, std::string_view)> set;
  std::function<std::string(const Trial&)> get;
};

// All of them, in the order in which manifests write them: id, path, label, speaker, attack,
// partition, codec, language, gender, source, conditions, member, member_offset,
// member_size, start and end (or start_sample and end_sample), reference, claimed_speaker, asv_key,
// enrolments (separated by ";").
const std::vector<TrialField>& trial_fields();

// The field of that name or alias; null when there is none. Case does not count.
const TrialField* find_trial_field(std::string_view name);

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
