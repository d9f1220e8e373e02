#include "metrics/trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "metrics/id_match.h"

namespace bonafide {

namespace {

std::string describe(const TrialTable& table, const TrialId& id, size_t row) {
  const std::string claim = id.claim.empty() ? "" : fmt::format("{} ", printable(id.claim, 40));
  return fmt::format("{}{} (line {})", claim, printable(id.utterance, 80), table.line_of(row));
}

void refuse_duplicates(const TrialTable& table, const TrialIds& ids,
                       std::span<const uint32_t> repeated) {
  if (repeated.empty()) return;
  Complaint complaint;
  for (const uint32_t row : repeated) {
    complaint.add(complaint.count() < 3 ? describe(table, ids[row], row) : "");
  }
  throw UsageError(fmt::format("{}: {} trials stand twice: {}", printable(table.name()),
                               complaint.count(), complaint.examples()));
}

std::string_view stem(std::string_view path) {
  if (const auto slash = path.find_last_of('/'); slash != std::string_view::npos) {
    path.remove_prefix(slash + 1);
  }
  const auto dot = path.find_last_of('.');
  return dot == std::string_view::npos || dot == 0 ? path : path.substr(0, dot);
}

std::vector<double> gather(const std::vector<double>& scores, std::span<const uint32_t> rows) {
  std::vector<double> chosen;
  if (scores.empty()) return chosen;
  chosen.reserve(rows.size());
  for (const uint32_t row : rows) chosen.push_back(scores[row]);
  return chosen;
}

void refuse_differences(const TrialTable& scores, const TrialTable& key, const TrialIds& score_ids,
                        const TrialIds& key_ids, const IdMatch& match) {
  Complaint unscored;
  for (size_t row = 0; row < key_ids.size(); ++row) {
    if (match.right_row[row] != kNoRow) continue;
    unscored.add(unscored.count() < 3 ? describe(key, key_ids[row], row) : "");
  }
  if (!unscored.empty()) {
    throw UsageError(fmt::format("{}: {} of the {} trials of {} have no score: {}",
                                 printable(scores.name()), unscored.count(), key_ids.size(),
                                 printable(key.name()), unscored.examples()));
  }
  Complaint unknown;
  for (const uint32_t row : match.right_alone) {
    unknown.add(unknown.count() < 3 ? describe(scores, score_ids[row], row) : "");
  }
  if (!unknown.empty()) {
    throw UsageError(fmt::format("{}: {} of {} trials are not in {}: {}", printable(scores.name()),
                                 unknown.count(), score_ids.size(), printable(key.name()),
                                 unknown.examples()));
  }
}

void refuse_contradictions(const TrialTable& scores, const TrialTable& key,
                           std::span<const uint32_t> key_rows,
                           std::span<const uint32_t> score_rows) {
  if (scores.classes().empty()) return;
  Complaint complaint;
  for (size_t i = 0; i < key_rows.size(); ++i) {
    const TrialClass ours = scores.classes()[score_rows[i]];
    const TrialClass theirs = key.classes()[key_rows[i]];
    if (is_bona_fide(ours) == is_bona_fide(theirs)) continue;
    complaint.add(
        complaint.count() < 3 ? describe(scores, scores.ids()[score_rows[i]], score_rows[i]) : "");
  }
  if (complaint.empty()) return;
  throw UsageError(fmt::format("{}: {} labels differ from {}: {}", printable(scores.name()),
                               complaint.count(), printable(key.name()), complaint.examples()));
}

// The two lists of ids in the form in which they can be compared; copied only where that differs
// from the files'.
class ComparableIds {
 public:
  ComparableIds(const TrialTable& scores, const TrialTable& key)
      : scores_(&scores.ids()), key_(&key.ids()) {
    if (scores_->claims.empty() == key_->claims.empty()) return;
    own([](TrialIds& ids) { ids.claims.clear(); });
  }

  const TrialIds& scores() const { return *scores_; }
  const TrialIds& key() const { return *key_; }

  void reduce_to_stems() {
    own([](TrialIds& ids) {
      std::transform(ids.utterances.begin(), ids.utterances.end(), ids.utterances.begin(), stem);
    });
  }

 private:
  void own(void (*change)(TrialIds&)) {
    own_scores_ = *scores_;
    own_key_ = *key_;
    change(own_scores_);
    change(own_key_);
    scores_ = &own_scores_;
    key_ = &own_key_;
  }

  TrialIds own_scores_;
  TrialIds own_key_;
  const TrialIds* scores_;
  const TrialIds* key_;
};

}  // namespace

const Factor& Trials::factor(std::string_view name) const {
  std::vector<std::string> names;
  for (const Factor& factor : factors) {
    if (factor.name() == name) return factor;
    names.push_back(factor.name());
  }
  const auto meant = nearest(name, names);
  throw UsageError(fmt::format("no column \"{}\" in the score file or key{}", printable(name),
                               meant ? fmt::format(" (did you mean \"{}\"?)", *meant) : ""));
}

Trials Trials::filter(const std::function<bool(size_t)>& keep) const {
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < size(); ++row) {
    if (keep(row)) rows.push_back(row);
  }
  Trials chosen;
  chosen.classes.reserve(rows.size());
  for (const uint32_t row : rows) chosen.classes.push_back(classes[row]);
  chosen.cm_scores = gather(cm_scores, rows);
  chosen.asv_scores = gather(asv_scores, rows);
  chosen.sasv_scores = gather(sasv_scores, rows);
  for (const Factor& factor : factors) chosen.factors.push_back(factor.select(rows));
  chosen.left_out = left_out;
  chosen.joined_by_stem = joined_by_stem;
  return chosen;
}

Trials labelled_trials(const TrialTable& scores) {
  if (scores.classes().empty()) {
    throw UsageError(fmt::format("{}: has no labels; name a key or protocol with --key",
                                 printable(scores.name())));
  }
  if (!scores.ids().empty()) refuse_duplicates(scores, scores.ids(), repeated_ids(scores.ids()));
  Trials trials;
  trials.classes = scores.classes();
  trials.cm_scores = scores.cm_scores();
  trials.asv_scores = scores.asv_scores();
  trials.sasv_scores = scores.sasv_scores();
  trials.factors = scores.factors();
  return trials;
}

Trials join(const TrialTable& scores, const TrialTable& key, const JoinOptions& options) {
  for (const TrialTable* table : {&scores, &key}) {
    if (table->ids().empty()) {
      throw UsageError(fmt::format("{}: has no ids to join by", printable(table->name())));
    }
  }
  if (key.classes().empty()) {
    throw UsageError(fmt::format("{}: has no labels", printable(key.name())));
  }
  Trials trials;
  ComparableIds ids(scores, key);
  IdMatch match = match_ids(ids.key(), ids.scores());
  if (match.right_alone.size() == ids.scores().size()) {
    ids.reduce_to_stems();
    match = match_ids(ids.key(), ids.scores());
    trials.joined_by_stem = match.right_alone.size() < ids.scores().size();
  }
  refuse_duplicates(key, ids.key(), match.left_repeated);
  refuse_duplicates(scores, ids.scores(), match.right_repeated);

  std::vector<uint32_t> key_rows;
  std::vector<uint32_t> score_rows;
  key_rows.reserve(ids.key().size());
  score_rows.reserve(ids.key().size());
  for (uint32_t row = 0; row < ids.key().size(); ++row) {
    if (match.right_row[row] == kNoRow) continue;
    key_rows.push_back(row);
    score_rows.push_back(match.right_row[row]);
  }
  if (!options.partial || key_rows.empty()) {
    refuse_differences(scores, key, ids.scores(), ids.key(), match);
  }
  trials.left_out = ids.key().size() + ids.scores().size() - 2 * key_rows.size();
  refuse_contradictions(scores, key, key_rows, score_rows);

  trials.classes.reserve(key_rows.size());
  for (const uint32_t row : key_rows) trials.classes.push_back(key.classes()[row]);
  trials.cm_scores = gather(scores.cm_scores(), score_rows);
  trials.asv_scores = gather(scores.asv_scores(), score_rows);
  trials.sasv_scores = gather(scores.sasv_scores(), score_rows);
  for (const Factor& factor : key.factors()) trials.factors.push_back(factor.select(key_rows));
  for (const Factor& factor : scores.factors()) {
    if (key.factor(factor.name()) == nullptr) trials.factors.push_back(factor.select(score_rows));
  }
  return trials;
}

std::vector<double> scores_of(const Trials& trials, const std::vector<double>& scores,
                              const std::function<bool(TrialClass)>& wanted) {
  std::vector<double> chosen;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (wanted(trials.classes[i])) chosen.push_back(scores[i]);
  }
  return chosen;
}

}  // namespace bonafide
