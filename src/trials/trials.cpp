#include "trials/trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/split_work.h"
#include "base/text.h"
#include "trials/id_match.h"

namespace bonafide {

namespace {

std::string describe(const TrialTable& table, size_t row) {
  const TrialId id = table.ids()[row];
  const std::string claim = id.claim.empty() ? "" : fmt::format("{} ", printable(id.claim, 40));
  return fmt::format("{}{} (line {})", claim, printable(id.utterance, 80), table.line_of(row));
}

void refuse_duplicates(const TrialTable& table, std::span<const uint32_t> repeated) {
  if (repeated.empty()) return;
  Complaint complaint;
  for (const uint32_t row : repeated) {
    complaint.add(complaint.count() < 3 ? describe(table, row) : "");
  }
  throw UsageError(fmt::format("{}: {} trials stand twice: {}", printable(table.name()),
                               complaint.count(), complaint.examples()));
}

size_t name_begin(std::string_view path) { return path.find_last_of('/') + 1; }  // npos + 1 is 0

std::string_view without_extension(std::string_view path) {
  const auto dot = path.find_last_of('.');
  return dot == std::string_view::npos || dot <= name_begin(path) ? path : path.substr(0, dot);
}

std::string_view stem(std::string_view path) {
  return without_extension(path.substr(name_begin(path)));
}

// Rows of the files lie far apart, and so does what is looked up: by all cores.
template <typename Value>
std::vector<Value> gather(const std::vector<Value>& column, std::span<const uint32_t> rows) {
  if (column.empty()) return {};
  std::vector<Value> chosen(rows.size());
  split_work(rows.size(), threads_for(rows.size()), [&](size_t, size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) chosen[i] = column[rows[i]];
  });
  return chosen;
}

void refuse_differences(const TrialTable& scores, const TrialTable& key, const IdMatch& match,
                        const std::function<bool(size_t)>& dispensable) {
  Complaint unscored;
  for (size_t row = 0; row < key.size(); ++row) {
    if (match.right_row[row] != kNoRow || (dispensable && dispensable(row))) continue;
    unscored.add(unscored.count() < 3 ? describe(key, row) : "");
  }
  if (!unscored.empty()) {
    throw UsageError(fmt::format("{}: {} of the {} trials of {} have no score: {}",
                                 printable(scores.name()), unscored.count(), key.size(),
                                 printable(key.name()), unscored.examples()));
  }
  Complaint unknown;
  for (const uint32_t row : match.right_alone) {
    unknown.add(unknown.count() < 3 ? describe(scores, row) : "");
  }
  if (!unknown.empty()) {
    throw UsageError(fmt::format("{}: {} of {} trials are not in {}: {}", printable(scores.name()),
                                 unknown.count(), scores.size(), printable(key.name()),
                                 unknown.examples()));
  }
}

// The trials that both files have, in the order of the key.
struct CommonTrials {
  std::vector<uint32_t> score_rows;
  std::optional<std::vector<uint32_t>> key_rows;  // none: all rows of the key

  size_t size() const { return score_rows.size(); }
  size_t key_row(size_t i) const { return key_rows ? (*key_rows)[i] : i; }
};

// From the score row of each row of the key.
CommonTrials common_trials(std::vector<uint32_t> score_rows, size_t unscored) {
  CommonTrials common{std::move(score_rows), std::nullopt};
  if (unscored == 0) return common;
  common.key_rows.emplace();
  for (uint32_t row = 0; row < common.score_rows.size(); ++row) {
    if (common.score_rows[row] != kNoRow) common.key_rows->push_back(row);
  }
  std::erase(common.score_rows, kNoRow);
  return common;
}

void refuse_contradictions(const TrialTable& scores, const TrialTable& key,
                           const CommonTrials& common) {
  if (scores.classes().empty()) return;
  Complaint complaint;
  for (size_t i = 0; i < common.size(); ++i) {
    const uint32_t row = common.score_rows[i];
    const Truth theirs = key.classes()[common.key_row(i)];
    if (!contradict(scores.classes()[row], theirs)) continue;
    complaint.add(complaint.count() < 3 ? describe(scores, row) : "");
  }
  if (complaint.empty()) return;
  throw UsageError(fmt::format("{}: {} labels differ from {}: {}", printable(scores.name()),
                               complaint.count(), printable(key.name()), complaint.examples()));
}

// What the two files' ids are compared by: as they stand, or copies where they must be changed.
class ComparablePrints {
 public:
  ComparablePrints(const TrialTable& scores, const TrialTable& key)
      : scores_table_(scores), key_table_(key) {
    if (scores.has_claims() == key.has_claims()) return;
    change([](TrialIds& ids) { ids.claims.clear(); });
  }

  const IdPrints& scores() const { return changed_ ? own_scores_ : scores_table_.id_prints(); }
  const IdPrints& key() const { return changed_ ? own_key_ : key_table_.id_prints(); }

  bool pairs() const { return scores_table_.has_claims() && key_table_.has_claims(); }

  // Of both recordings of a pair: in VoxCeleb only the folders tell most of them apart.
  void drop_extensions() {
    change([](TrialIds& ids) {
      for (auto* names : {&ids.utterances, &ids.claims}) {
        std::transform(names->begin(), names->end(), names->begin(), without_extension);
      }
    });
  }

  void reduce_to_stems() {
    change([claims = pairs()](TrialIds& ids) {
      if (!claims) ids.claims.clear();
      std::transform(ids.utterances.begin(), ids.utterances.end(), ids.utterances.begin(), stem);
    });
  }

 private:
  template <typename Change>
  void change(const Change& change_ids) {
    const auto prints = [&](TrialIds ids) {
      change_ids(ids);
      return IdPrints(ids);
    };
    own_scores_ = prints(scores_table_.ids());
    own_key_ = prints(key_table_.ids());
    changed_ = true;
  }

  const TrialTable& scores_table_;
  const TrialTable& key_table_;
  bool changed_ = false;
  IdPrints own_scores_;
  IdPrints own_key_;
};

// Where no trial of the scores is in the key as it stands, by less and less of the names.
IdMatch match_tables(const TrialTable& scores, const TrialTable& key, bool& by_stem) {
  ComparablePrints ids(scores, key);
  const auto match = [&] { return match_ids(ids.key(), ids.scores()); };
  const auto strangers = [&](const IdMatch& m) { return m.right_alone.size() == scores.size(); };
  IdMatch found = match();
  if (!strangers(found)) return found;
  if (ids.pairs()) {
    ids.drop_extensions();
    found = match();
  }
  if (strangers(found)) {
    ids.reduce_to_stems();
    found = match();
  }
  by_stem = !strangers(found);
  return found;
}

}  // namespace

const Factor* Trials::find_factor(std::string_view name) const {
  return bonafide::find_factor(factors, name);
}

const Factor& Trials::factor(std::string_view name) const {
  if (const Factor* found = find_factor(name)) return *found;
  std::vector<std::string> names;
  for (const Factor& factor : factors) names.push_back(factor.name());
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
  chosen.classes = gather(classes, rows);
  chosen.cm_scores = gather(cm_scores, rows);
  chosen.asv_scores = gather(asv_scores, rows);
  chosen.sasv_scores = gather(sasv_scores, rows);
  for (const Factor& factor : factors) chosen.factors.push_back(factor.select(rows));
  chosen.left_out = left_out;
  chosen.joined_by_stem = joined_by_stem;
  return chosen;
}

void refuse_duplicates(const TrialTable& table) {
  if (table.has_ids()) refuse_duplicates(table, repeated_ids(table.id_prints()));
}

Trials labelled_trials(const TrialTable& scores, bool repeats) {
  if (scores.classes().empty()) {
    throw UsageError(fmt::format("{}: has no labels; name a key or protocol with --key",
                                 printable(scores.name())));
  }
  if (!repeats) refuse_duplicates(scores);
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
    if (!table->has_ids()) {
      throw UsageError(fmt::format("{}: has no ids to join by", printable(table->name())));
    }
  }
  if (key.classes().empty()) {
    throw UsageError(fmt::format("{}: has no labels", printable(key.name())));
  }
  Trials trials;
  IdMatch match = match_tables(scores, key, trials.joined_by_stem);
  refuse_duplicates(key, match.left_repeated);
  refuse_duplicates(scores, match.right_repeated);

  const auto unscored =
      static_cast<size_t>(std::count(match.right_row.begin(), match.right_row.end(), kNoRow));
  if (!options.partial || unscored == key.size()) {
    refuse_differences(scores, key, match, options.dispensable);
  }
  const CommonTrials common = common_trials(std::move(match.right_row), unscored);
  trials.left_out = key.size() + scores.size() - 2 * common.size();
  refuse_contradictions(scores, key, common);

  const auto& key_rows = common.key_rows;
  const auto& score_rows = common.score_rows;
  trials.classes = key_rows ? gather(key.classes(), *key_rows) : key.classes();
  trials.cm_scores = gather(scores.cm_scores(), score_rows);
  trials.asv_scores = gather(scores.asv_scores(), score_rows);
  trials.sasv_scores = gather(scores.sasv_scores(), score_rows);
  for (const Factor& factor : key.factors()) {
    trials.factors.push_back(key_rows ? factor.select(*key_rows) : factor);
  }
  for (const Factor& factor : scores.factors()) {
    if (key.find_factor(factor.name()) == nullptr)
      trials.factors.push_back(factor.select(score_rows));
  }
  return trials;
}

std::vector<double> scores_of(const Trials& trials, const std::vector<double>& scores,
                              const std::function<bool(Truth)>& wanted) {
  std::vector<double> chosen;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (wanted(trials.classes[i])) chosen.push_back(scores[i]);
  }
  return chosen;
}

}  // namespace bonafide
