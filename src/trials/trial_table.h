#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trials/factor.h"
#include "trials/id_prints.h"
#include "trials/table_layout.h"
#include "trials/text_table.h"
#include "trials/trial_ids.h"
#include "trials/truth.h"

namespace bonafide {

struct TableOptions {
  // Columns to keep besides ids, labels and scores, in any word of trial_columns(); the factors are
  // called as they are here.
  std::vector<std::string> factors = {};
  std::optional<int> numeric_bona_fide = {};  // which of 0 and 1 is bona fide in numeric labels
  bool official = false;                      // pairs of logits as AntiDeepfake's tool reads them
  bool missing_scores_allowed = false;        // empty scores become NaN
  TableUse use = TableUse::kAlone;            // decides between readings of a file without header
};

// The columns of a score file, key or protocol. Views point into the file, which stays mapped.
// Of the ids it keeps only what they are compared by: there are few who want to see them.
class TrialTable {
 public:
  // Throws UsageError naming file and line: unknown layout, wrong number of columns, a score that
  // is no number or NaN, a label that is no label, labels that contradict each other.
  static TrialTable read(const std::filesystem::path& path, const TableOptions& options = {});
  static TrialTable parse(std::string_view text, std::string name,
                          const TableOptions& options = {});
  // Reads scores and their key at the same time. Of two errors it throws that of the scores.
  static std::pair<TrialTable, TrialTable> read_both(const std::filesystem::path& scores,
                                                     const std::filesystem::path& key,
                                                     TableOptions options = {});

  size_t size() const { return rows_; }
  const std::string& name() const { return text_.name(); }
  const TableLayout& layout() const { return layout_; }

  // Each is empty when the file has no such column.
  const IdPrints& id_prints() const { return id_prints_; }
  const std::vector<Truth>& classes() const { return classes_; }
  const std::vector<double>& cm_scores() const { return cm_scores_; }
  const std::vector<double>& asv_scores() const { return asv_scores_; }
  const std::vector<double>& sasv_scores() const { return sasv_scores_; }
  bool has_scores() const {
    return !cm_scores_.empty() || !asv_scores_.empty() || !sasv_scores_.empty();
  }

  const std::vector<Factor>& factors() const { return factors_; }
  const Factor* find_factor(std::string_view name) const;  // null: not read or not there
  // Adds a factor with the values "yes" and "no".
  void mark(const std::string& name, const std::function<bool(const TrialId&)>& holds);
  bool has_ids() const { return !id_prints_.empty(); }
  bool has_claims() const { return has_claims_; }
  // By reading again at the first call, which must not meet another one.
  const TrialIds& ids() const;

  // Line of a row in its file, by reading again: for messages.
  size_t line_of(size_t row) const;

 private:
  class Reader;

  TrialTable(TextTable text, const TableOptions& options);

  TextTable text_;
  TableLayout layout_;
  size_t rows_ = 0;
  IdPrints id_prints_;
  bool has_claims_ = false;
  std::vector<Truth> classes_;
  std::vector<double> cm_scores_;
  std::vector<double> asv_scores_;
  std::vector<double> sasv_scores_;
  std::vector<Factor> factors_;

  struct ReadIds {
    TextTable text;  // whose views the ids are
    TrialIds ids;
  };
  mutable std::unique_ptr<ReadIds> read_ids_;
};

// "7 of 100 trials have no score: LA_E_1 (line 3), LA_E_9 (line 12), LA_E_4 (line 20), ...": the
// first few of many things that are wrong.
class Complaint {
 public:
  void add(std::string what) {
    if (examples_.size() < kExamples) examples_.push_back(std::move(what));
    ++count_;
  }
  size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::string examples() const;

 private:
  static constexpr size_t kExamples = 3;
  size_t count_ = 0;
  std::vector<std::string> examples_;
};

}  // namespace bonafide
