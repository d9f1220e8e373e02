#include "evaluation/score_table.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_set>

#include "corpus/trial_fields.h"
#include "trials/score_file.h"

namespace bonafide {

namespace {

constexpr size_t kManyValues = 50;  // of a factor: more are no groups

// What the protocol says of a trial besides, where any trial has a value.
std::vector<const TrialField*> further_fields(const std::vector<Trial>& trials) {
  std::vector<const TrialField*> fields;
  for (const TrialField& field : trial_fields()) {
    const auto has_value = [&](const Trial& trial) { return !field.get(trial).empty(); };
    if (field.role == ColumnRole::kFactor && !field.always &&
        std::any_of(trials.begin(), trials.end(), has_value)) {
      fields.push_back(&field);
    }
  }
  return fields;
}

bool claim_tells_apart(const std::vector<Trial>& trials) {
  std::unordered_set<std::string> seen;
  return std::all_of(trials.begin(), trials.end(), [&](const Trial& trial) {
    return seen.insert(trial.id + '\0' + trial.claimed_speaker).second;
  });
}

std::string claim_of(const Trial& trial, bool by_enrolment) {
  const bool one = trial.enrolments && trial.enrolments->size() == 1;
  return by_enrolment && one ? trial.enrolments->front().native() : trial.claimed_speaker;
}

}  // namespace

std::string scores_csv(const std::vector<Trial>& trials, const TrialScores& scores,
                       const Task& task, const std::vector<std::string>& part_names) {
  ScoreFile<size_t> file;
  file.add("file", [&](size_t i) { return trials[i].id; });
  file.add("score", [&](size_t i) { return score_text(scores.scores[i]); });
  file.add("label", [&](size_t i) { return std::string(name_of(label_of(trials[i].truth))); });
  file.add("speaker", [&](size_t i) { return trials[i].speaker; });
  file.add("attack", [&](size_t i) { return trials[i].attack; });
  file.add("partition", [&](size_t i) { return trials[i].partition; });
  const auto claims = [](const Trial& trial) { return !trial.claimed_speaker.empty(); };
  const bool by_enrolment = task.verifies() && !claim_tells_apart(trials);
  if (by_enrolment || std::any_of(trials.begin(), trials.end(), claims)) {
    file.add("claimed_speaker", [&](size_t i) { return claim_of(trials[i], by_enrolment); });
  }
  if (task.verifies()) {
    file.add("asv_key", [&](size_t i) { return std::string(name_of(asv_key_of(trials[i]))); });
  }
  for (const TrialField* field : further_fields(trials)) {
    file.add(std::string(field->name),
             [&trials, field](size_t i) { return field->get(trials[i]); });
  }
  for (size_t part = 0; part < part_names.size(); ++part) {
    file.add("part_" + part_names[part], [&, part](size_t i) {
      const auto& parts = scores.parts[i];
      return part < parts.size() ? score_text(parts[part]) : "";
    });
  }
  return score_file_text(file, trials.size());
}

std::vector<std::string> factors_of(const std::vector<Trial>& trials) {
  const auto values = [&](const TrialField& field) {
    std::set<std::string> different;
    for (const Trial& trial : trials) {
      if (different.size() > kManyValues) break;
      different.insert(field.get(trial));
    }
    return different.size();
  };
  std::vector<std::string> factors;
  const auto has_attack = [](const Trial& trial) { return !trial.attack.empty(); };
  if (std::any_of(trials.begin(), trials.end(), has_attack)) factors.emplace_back("attack");
  for (const TrialField* field : further_fields(trials)) {
    const size_t count = values(*field);
    if (count > 1 && count <= kManyValues) factors.emplace_back(field->name);
  }
  return factors;
}

}  // namespace bonafide
