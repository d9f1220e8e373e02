#include "trials/columns.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace bonafide {

namespace {

using Role = ColumnRole;

std::map<std::string, const TrialColumn*, std::less<>> columns_by_word() {
  std::map<std::string, const TrialColumn*, std::less<>> columns;
  for (const TrialColumn& column : trial_columns()) {
    columns.emplace(column_word(column.name), &column);
    for (const auto* words : {&column.aliases, &column.substitutes}) {
      for (const std::string_view word : *words) columns.emplace(word, &column);
    }
  }
  return columns;
}

// 0 for the name and aliases, and from 1 on for substitutes; of a word in its normal form that
// means the column.
size_t rank(const TrialColumn& column, std::string_view word) {
  const auto& words = column.substitutes;
  const auto at = std::find(words.begin(), words.end(), word);
  return at == words.end() ? 0 : static_cast<size_t>(at - words.begin()) + 1;
}

bool is_of_verification(const TrialColumn* column) {
  if (column == nullptr) return false;
  const Role role = column->role;
  return role == Role::kAsvLabel || role == Role::kTargetNumber || role == Role::kAsvScore ||
         role == Role::kSasvScore;
}

// Takes the column from substitutes beside a word that goes before them.
void keep_first(const std::vector<std::string>& words, std::vector<const TrialColumn*>& columns) {
  std::map<const TrialColumn*, size_t> first;
  for (size_t i = 0; i < words.size(); ++i) {
    if (columns[i] == nullptr) continue;
    const size_t here = rank(*columns[i], words[i]);
    const auto [at, fresh] = first.emplace(columns[i], here);
    if (!fresh) at->second = std::min(at->second, here);
  }
  for (size_t i = 0; i < words.size(); ++i) {
    if (columns[i] && rank(*columns[i], words[i]) != first.at(columns[i])) columns[i] = nullptr;
  }
}

}  // namespace

bool is_score(ColumnRole role) {
  return role == Role::kCmScore || role == Role::kAsvScore || role == Role::kSasvScore;
}

bool is_label(ColumnRole role) {
  return role == Role::kLabel || role == Role::kAsvLabel || role == Role::kSasvNumber ||
         role == Role::kTargetNumber;
}

const std::vector<TrialColumn>& trial_columns() {
  static const std::vector<TrialColumn> table = {
      {"id",
       Role::kId,
       {},
       {"utt", "utterance", "utterance-id", "utt-id", "trial", "trial-id", "file-id",
        "trial-anon"}},
      {"path", Role::kPath, {"file", "audio-filepath", "wav"}, {"filename", "file-name"}},
      {"label", Role::kLabel, {}, {"cm-label"}},
      // The label in keys, but the utterance in WeNet's lists: manifests have no such column.
      {"key", Role::kLabel},
      {"speaker", Role::kFactor, {}, {"speaker-id", "spk"}},
      {"attack", Role::kFactor, {"system"}, {"attack-label", "attack-anon"}},
      {"partition", Role::kFactor, {"subset", "split"}},
      {"codec", Role::kFactor, {"compression"}},
      {"language", Role::kFactor, {"lang"}},
      {"gender", Role::kFactor, {"sex"}},
      {"source", Role::kFactor},
      // ASVspoof 2021 LA and DF, ASVspoof 5
      {"transmission", Role::kFactor},
      {"vocoder", Role::kFactor},
      {"attack-type", Role::kFactor},
      {"trim", Role::kFactor},
      {"task", Role::kFactor},
      {"team", Role::kFactor},
      {"codec-quality", Role::kFactor},
      {"tag", Role::kFactor},
      // Replayed speech: ASVspoof 2017, 2019 PA, 2021 PA
      {"phrase", Role::kFactor},
      {"environment", Role::kFactor},
      {"playback", Role::kFactor},
      {"recording", Role::kFactor},
      {"asv-room", Role::kFactor},
      {"asv-mic", Role::kFactor},
      {"asv-distance", Role::kFactor},
      {"attacker-room", Role::kFactor},
      {"attacker-mic", Role::kFactor},
      {"replay-device", Role::kFactor},
      {"attacker-distance", Role::kFactor},
      // Morphing; CFAD, FakeOrReal
      {"second-speaker", Role::kFactor},
      {"version", Role::kFactor},
      {"member", Role::kPlace},
      {"member_offset", Role::kPlace},
      {"member_size", Role::kPlace},
      {"start", Role::kPlace},
      {"end", Role::kPlace},
      {"start_sample", Role::kPlace},
      {"end_sample", Role::kPlace},
      {"reference", Role::kPlace},
      {"claimed_speaker", Role::kClaim, {}, {"claim", "tar-spk-anon"}},
      {"asv_key", Role::kAsvLabel, {}, {"asv-label"}},
      {"enrolments", Role::kPlace},
      {"sasv_label", Role::kSasvNumber},
      {"target01", Role::kTargetNumber},
      {"score", Role::kCmScore, {}, {"cm-score"}},
      {"asv_score", Role::kAsvScore},
      {"sasv_score", Role::kSasvScore},
  };
  return table;
}

const TrialColumn* find_trial_column(std::string_view word) {
  static const auto columns = columns_by_word();
  const auto found = columns.find(column_word(word));
  return found == columns.end() ? nullptr : found->second;
}

std::vector<const TrialColumn*> find_trial_columns(const std::vector<std::string>& header) {
  std::vector<std::string> words(header.size());
  std::transform(header.begin(), header.end(), words.begin(), column_word);
  std::vector<const TrialColumn*> columns(words.size());
  std::transform(words.begin(), words.end(), columns.begin(), find_trial_column);

  const TrialColumn* const claim = find_trial_column("claim");
  if (std::any_of(columns.begin(), columns.end(), is_of_verification) &&
      std::find(columns.begin(), columns.end(), claim) == columns.end()) {
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i] == "spk") columns[i] = claim;
    }
  }
  keep_first(words, columns);
  return columns;
}

std::string column_word(std::string_view word) {
  std::string text = lower(trim(word));
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

}  // namespace bonafide
