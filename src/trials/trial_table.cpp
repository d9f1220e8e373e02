#include "trials/trial_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

[[noreturn]] void complain(const TextTable& table, const std::string& why) {
  throw UsageError(fmt::format("{}: line {}: {}", printable(table.name()), table.line(), why));
}

// "[fake logit, real logit]": the difference of the logits. The official tool takes the softmax in
// single precision, which saturates and so ties scores.
std::optional<double> parse_logits(std::string_view field, bool official) {
  field = trim(field);
  if (field.size() < 2 || field.front() != '[' || field.back() != ']') return std::nullopt;
  field = field.substr(1, field.size() - 2);
  const auto comma = field.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto fake = parse_double(trim(field.substr(0, comma)));
  const auto real = parse_double(trim(field.substr(comma + 1)));
  if (!fake || !real) return std::nullopt;
  if (!official) return *real - *fake;
  const auto highest = static_cast<float>(std::max(*fake, *real));
  const float e_fake = std::exp(static_cast<float>(*fake) - highest);
  const float e_real = std::exp(static_cast<float>(*real) - highest);
  return e_real / (e_fake + e_real);
}

// A column whose every field was left out is not there; one with holes is an error.
void drop_if_missing(std::vector<double>& scores, std::string_view column, const TextTable& table,
                     bool holes_allowed) {
  const auto missing = static_cast<size_t>(
      std::count_if(scores.begin(), scores.end(), [](double s) { return std::isnan(s); }));
  if (missing == scores.size()) {
    scores.clear();
  } else if (missing > 0 && !holes_allowed) {
    throw UsageError(fmt::format("{}: {} of {} {} scores are missing", printable(table.name()),
                                 missing, scores.size(), column));
  }
}

}  // namespace

std::string Complaint::examples() const {
  return fmt::format("{}{}", fmt::join(examples_, ", "), count_ > examples_.size() ? ", ..." : "");
}

TrialTable TrialTable::read(const std::filesystem::path& path, const TableOptions& options) {
  return TrialTable(TextTable(path), options);
}

std::pair<TrialTable, TrialTable> TrialTable::read_both(const std::filesystem::path& scores,
                                                        const std::filesystem::path& key,
                                                        TableOptions options) {
  options.use = TableUse::kKey;
  auto later = std::async([&key, options] { return read(key, options); });
  options.use = TableUse::kScores;
  TrialTable earlier = read(scores, options);
  return {std::move(earlier), later.get()};
}

TrialTable TrialTable::parse(std::string_view text, std::string name, const TableOptions& options) {
  return TrialTable(TextTable(text, std::move(name)), options);
}

// How a file's fields become the columns of a table.
class TrialTable::Reader {
 public:
  Reader(TrialTable& table, const TableOptions& options)
      : text_(table.text_), layout_(table.layout_), options_(options), table_(table) {
    choose_factors();
    for (const Column& column : layout_.columns) reserve(column.role);
  }

  void take(const std::vector<std::string_view>& fields) {
    if (fields.size() != layout_.columns.size()) {
      complain(text_, fmt::format("{} columns, expected {} as in the lines before", fields.size(),
                                  layout_.columns.size()));
    }
    expect_whole(fields);
    Row row;
    for (size_t i = 0; i < fields.size(); ++i) take(layout_.columns[i].role, fields[i], row);
    for (const auto& [column, factor] : factors_) table_.factors_[factor].append(fields[column]);
    ++table_.rows_;
    end_row(row);
  }

  void finish() {
    const size_t rows = table_.rows_;
    if (!missing_.empty()) {
      throw UsageError(fmt::format("{}: {} of {} scores are missing or no numbers: {}",
                                   printable(text_.name()), missing_.count(), rows,
                                   missing_.examples()));
    }
    if (rows == 0) throw UsageError(fmt::format("{}: no trials", printable(text_.name())));
    const size_t ids = table_.id_prints_.size();
    if (has_role(layout_, ColumnRole::kId) && ids != rows) {
      throw UsageError(
          fmt::format("{}: {} of {} lines have no id", printable(text_.name()), rows - ids, rows));
    }
    drop_if_missing(table_.cm_scores_, "CM", text_, options_.missing_scores_allowed);
    drop_if_missing(table_.asv_scores_, "ASV", text_, options_.missing_scores_allowed);
    drop_if_missing(table_.sasv_scores_, "SASV", text_, options_.missing_scores_allowed);
  }

 private:
  struct Row {
    TrialId id;
    Truth label = Truth::kUnknown;
    Truth asv_label = Truth::kUnknown;
  };

  void choose_factors() {
    for (const std::string& name : options_.factors) {
      const size_t column = find_factor_column(layout_, name);
      if (column == SIZE_MAX || table_.find_factor(name) != nullptr) continue;
      factors_.emplace_back(column, table_.factors_.size());
      table_.factors_.emplace_back(name);
    }
  }

  void reserve(ColumnRole role) {
    const size_t rows = text_.expected_rows();
    if (is_label(role)) table_.classes_.reserve(rows);
    if (role == ColumnRole::kCmScore) table_.cm_scores_.reserve(rows);
    if (role == ColumnRole::kAsvScore) table_.asv_scores_.reserve(rows);
    if (role == ColumnRole::kSasvScore) table_.sasv_scores_.reserve(rows);
  }

  void take(ColumnRole role, std::string_view field, Row& row) {
    switch (role) {
      case ColumnRole::kId:
        row.id.utterance = field;
        break;
      case ColumnRole::kClaim:
        row.id.claim = field;
        break;
      case ColumnRole::kLabel:
        row.label = label(field);
        break;
      case ColumnRole::kAsvLabel:
        row.asv_label = asv_label(field, parse_asv_key);
        break;
      case ColumnRole::kSasvNumber:
        row.asv_label = asv_label(field, parse_sasv_number);
        break;
      case ColumnRole::kTargetNumber:
        row.asv_label = asv_label(field, parse_target_number);
        break;
      case ColumnRole::kCmScore:
        table_.cm_scores_.push_back(layout_.has_header ? part_score(field) : score(field));
        break;
      case ColumnRole::kAsvScore:
        table_.asv_scores_.push_back(part_score(field));
        break;
      case ColumnRole::kSasvScore:
        table_.sasv_scores_.push_back(score(field));
        break;
      case ColumnRole::kIgnored:
      case ColumnRole::kPath:
      case ColumnRole::kPlace:
      case ColumnRole::kFactor:
        break;
    }
  }

  double score(std::string_view field) {
    if (const auto number = parse_double(field); number && !std::isnan(*number)) return *number;
    const std::string_view text = trim(field);
    if (const auto number = parse_double(text); number && !std::isnan(*number)) return *number;
    if (const auto logits = parse_logits(text, options_.official); logits && !std::isnan(*logits)) {
      pairs_ = true;
      return *logits;
    }
    if (text.empty() && options_.missing_scores_allowed) return kNan;
    problem_ = text.empty() ? "" : fmt::format(": \"{}\"", printable(text, 40));
    return kNan;
  }

  // "-" is how track 2 of ASVspoof 5 leaves a part score out.
  double part_score(std::string_view field) { return field == "-" ? kNan : score(field); }

  Truth label(std::string_view field) const {
    const Truth c = find_truth(field);
    if (c != Truth::kUnknown) return c;
    const auto number = parse_double(trim(field));
    if (!number || (*number != 0 && *number != 1)) {
      complain(text_,
               fmt::format("label \"{}\" is neither bonafide nor spoof", printable(field, 40)));
    }
    return *number == bona_fide_number() ? Truth::kBonaFide : Truth::kSpoof;
  }

  Truth asv_label(std::string_view field, Truth (*parse)(std::string_view)) const {
    try {
      return parse(field);
    } catch (const UsageError& e) {
      complain(text_, e.what());
    }
  }

  // Once the row's id is known, wherever its column stands.
  void end_row(const Row& row) {
    note_problem(row.id);
    if (!row.id.utterance.empty()) table_.id_prints_.add(row.id);
    if (contradict(row.label, row.asv_label)) {
      complain(text_, fmt::format("the labels \"{}\" and \"{}\" contradict each other",
                                  name_of(row.label), name_of(row.asv_label)));
    }
    const Truth truth = row.asv_label != Truth::kUnknown ? row.asv_label : row.label;
    if (truth != Truth::kUnknown) table_.classes_.push_back(truth);
  }

  void note_problem(const TrialId& id) {
    if (!problem_) return;
    const bool wanted = missing_.count() < 3;
    missing_.add(!wanted                ? ""
                 : id.utterance.empty() ? fmt::format("line {}{}", text_.line(), *problem_)
                                        : fmt::format("{} (line {}{})", printable(id.utterance, 80),
                                                      text_.line(), *problem_));
    problem_.reset();
  }

  void expect_whole(const std::vector<std::string_view>& fields) const {
    if (layout_.stretches.empty()) return;
    try {
      layout_.stretches.expect_whole(fields);
    } catch (const UsageError& e) {
      complain(text_, e.what());
    }
  }

  double bona_fide_number() const {
    if (options_.numeric_bona_fide) return *options_.numeric_bona_fide;
    if (layout_.zero_is_bona_fide) return 0;
    if (pairs_) return 1;  // AntiDeepfake, the only tool that writes pairs
    complain(text_,
             "the label is a number: say which one is bona fide with --bonafide-label 0 or 1");
  }

  const TextTable& text_;
  const TableLayout& layout_;
  const TableOptions& options_;
  TrialTable& table_;
  std::vector<std::pair<size_t, size_t>> factors_;  // a column of the file, and its factor
  std::optional<std::string> problem_;              // of the score in this row
  Complaint missing_;
  bool pairs_ = false;
};

TrialTable::TrialTable(TextTable text, const TableOptions& options)
    : text_(std::move(text)),
      layout_(detect_layout(text_, options.use)),
      id_prints_(has_role(layout_, ColumnRole::kId) ? text_.expected_rows() : 0),
      has_claims_(has_role(layout_, ColumnRole::kClaim)) {
  Reader reader(*this, options);
  std::vector<std::string_view> fields;
  while (text_.next(fields)) reader.take(fields);
  reader.finish();
}

void TrialTable::mark(const std::string& name, const std::function<bool(const TrialId&)>& holds) {
  Factor factor(name);
  for (size_t row = 0; row < ids().size(); ++row) factor.append(holds(ids()[row]) ? "yes" : "no");
  factors_.push_back(std::move(factor));
}

const Factor* TrialTable::find_factor(std::string_view name) const {
  return bonafide::find_factor(factors_, name);
}

const TrialIds& TrialTable::ids() const {
  if (read_ids_) return read_ids_->ids;
  auto read = std::make_unique<ReadIds>(ReadIds{text_.again(), {}});
  std::vector<std::string_view> fields;
  if (layout_.has_header) read->text.next(fields);
  while (has_ids() && read->text.next(fields)) {
    for (size_t i = 0; i < fields.size(); ++i) {
      if (layout_.columns[i].role == ColumnRole::kId) read->ids.utterances.push_back(fields[i]);
      if (layout_.columns[i].role == ColumnRole::kClaim) read->ids.claims.push_back(fields[i]);
    }
  }
  read_ids_ = std::move(read);
  return read_ids_->ids;
}

size_t TrialTable::line_of(size_t row) const {
  TextTable again = text_.again();
  std::vector<std::string_view> fields;
  if (layout_.has_header) again.next(fields);
  for (size_t i = 0; i <= row; ++i) again.next(fields);
  return again.line();
}

}  // namespace bonafide
