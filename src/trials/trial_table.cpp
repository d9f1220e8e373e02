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

// How one file's fields become columns.
class Reader {
 public:
  Reader(const TextTable& table, const TableLayout& layout, const TableOptions& options)
      : table_(table), layout_(layout), options_(options) {}

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

  Truth label(std::string_view field) {
    const Truth c = find_truth(field);
    if (c != Truth::kUnknown) return c;
    const auto number = parse_double(trim(field));
    if (!number || (*number != 0 && *number != 1)) {
      complain(table_,
               fmt::format("label \"{}\" is neither bonafide nor spoof", printable(field, 40)));
    }
    return *number == bona_fide_number() ? Truth::kBonaFide : Truth::kSpoof;
  }

  Truth asv_label(std::string_view field) const {
    const Truth c = find_truth(field);
    if (c == Truth::kUnknown || c == Truth::kBonaFide) {
      complain(table_, fmt::format("key \"{}\", expected target, nontarget or spoof",
                                   printable(field, 40)));
    }
    return c;
  }

  Truth sasv_number(std::string_view field) const {
    const auto number = parse_double(trim(field));
    if (number == 1.0) return Truth::kTarget;
    if (number == 2.0) return Truth::kNontarget;
    if (number == 0.0) return Truth::kSpoof;
    complain(table_, fmt::format("label \"{}\", expected 1 (target), 2 (nontarget) or 0 (spoof)",
                                 printable(field, 40)));
  }

  Truth target_number(std::string_view field) const {
    const auto number = parse_double(trim(field));
    if (number == 1.0) return Truth::kTarget;
    if (number == 0.0) return Truth::kNontarget;
    complain(table_, fmt::format("label \"{}\", expected 1 (target) or 0 (nontarget)",
                                 printable(field, 40)));
  }

  // Once the row's id is known, wherever its column stands.
  void end_row(const TrialId& id) {
    if (!problem_) return;
    const bool wanted = missing_.count() < 3;
    missing_.add(!wanted                ? ""
                 : id.utterance.empty() ? fmt::format("line {}{}", table_.line(), *problem_)
                                        : fmt::format("{} (line {}{})", printable(id.utterance, 80),
                                                      table_.line(), *problem_));
    problem_.reset();
  }

  void finish(size_t rows) const {
    if (missing_.empty()) return;
    throw UsageError(fmt::format("{}: {} of {} scores are missing or no numbers: {}",
                                 printable(table_.name()), missing_.count(), rows,
                                 missing_.examples()));
  }

 private:
  double bona_fide_number() const {
    if (options_.numeric_bona_fide) return *options_.numeric_bona_fide;
    if (layout_.zero_is_bona_fide) return 0;
    if (pairs_) return 1;  // AntiDeepfake, the only tool that writes pairs
    complain(table_,
             "the label is a number: say which one is bona fide with --bonafide-label 0 or 1");
  }

  const TextTable& table_;
  const TableLayout& layout_;
  const TableOptions& options_;
  std::optional<std::string> problem_;  // of the score in this row
  Complaint missing_;
  bool pairs_ = false;
};

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

TrialTable::TrialTable(TextTable text, const TableOptions& options)
    : text_(std::move(text)),
      layout_(detect_layout(text_, options.use)),
      id_prints_(has_role(layout_, ColumnRole::kId) ? text_.expected_rows() : 0),
      has_claims_(has_role(layout_, ColumnRole::kClaim)) {
  Reader reader(text_, layout_, options);
  std::vector<size_t> factor_of(layout_.columns.size(), SIZE_MAX);
  const size_t expected = text_.expected_rows();
  for (size_t i = 0; i < layout_.columns.size(); ++i) {
    const Column& column = layout_.columns[i];
    reserve(column.role, expected);
    if (column.role != ColumnRole::kFactor && column.role != ColumnRole::kClaim) continue;
    const std::string name = column.role == ColumnRole::kClaim ? "claim" : column.name;
    if (std::find(options.factors.begin(), options.factors.end(), name) == options.factors.end()) {
      continue;
    }
    factor_of[i] = factors_.size();
    factors_.emplace_back(name);
  }

  std::vector<std::string_view> fields;
  while (text_.next(fields)) {
    if (fields.size() != layout_.columns.size()) {
      complain(text_, fmt::format("{} columns, expected {} as in the lines before", fields.size(),
                                  layout_.columns.size()));
    }
    expect_whole(fields);
    TrialId id;
    Truth label = Truth::kUnknown;
    Truth asv_label = Truth::kUnknown;
    bool labelled = false;
    for (size_t i = 0; i < fields.size(); ++i) {
      const std::string_view field = fields[i];
      switch (layout_.columns[i].role) {
        case ColumnRole::kIgnored:
          break;
        case ColumnRole::kId:
          id.utterance = field;
          break;
        case ColumnRole::kClaim:
          id.claim = field;
          if (factor_of[i] != SIZE_MAX) factors_[factor_of[i]].append(field);
          break;
        case ColumnRole::kLabel:
          label = reader.label(field);
          labelled = true;
          break;
        case ColumnRole::kAsvLabel:
          asv_label = reader.asv_label(field);
          labelled = true;
          break;
        case ColumnRole::kSasvNumber:
          asv_label = reader.sasv_number(field);
          labelled = true;
          break;
        case ColumnRole::kTargetNumber:
          asv_label = reader.target_number(field);
          labelled = true;
          break;
        case ColumnRole::kCmScore:
          cm_scores_.push_back(layout_.has_header ? reader.part_score(field) : reader.score(field));
          break;
        case ColumnRole::kAsvScore:
          asv_scores_.push_back(reader.part_score(field));
          break;
        case ColumnRole::kSasvScore:
          sasv_scores_.push_back(reader.score(field));
          break;
        case ColumnRole::kFactor:
          if (factor_of[i] != SIZE_MAX) factors_[factor_of[i]].append(field);
          break;
      }
    }
    ++rows_;
    reader.end_row(id);
    if (!id.utterance.empty()) id_prints_.add(id);
    if (labelled) {
      if (contradict(label, asv_label)) {
        complain(text_, fmt::format("the labels \"{}\" and \"{}\" contradict each other",
                                    name_of(label), name_of(asv_label)));
      }
      classes_.push_back(asv_label != Truth::kUnknown ? asv_label : label);
    }
  }
  reader.finish(rows_);
  if (rows_ == 0) throw UsageError(fmt::format("{}: no trials", printable(text_.name())));
  if (has_role(layout_, ColumnRole::kId) && id_prints_.size() != rows_) {
    throw UsageError(fmt::format("{}: {} of {} lines have no id", printable(text_.name()),
                                 rows_ - id_prints_.size(), rows_));
  }
  drop_if_missing(cm_scores_, "CM", text_, options.missing_scores_allowed);
  drop_if_missing(asv_scores_, "ASV", text_, options.missing_scores_allowed);
  drop_if_missing(sasv_scores_, "SASV", text_, options.missing_scores_allowed);
}

void TrialTable::expect_whole(const std::vector<std::string_view>& fields) const {
  if (layout_.stretches.empty()) return;
  try {
    layout_.stretches.expect_whole(fields);
  } catch (const UsageError& e) {
    complain(text_, e.what());
  }
}

void TrialTable::reserve(ColumnRole role, size_t rows) {
  switch (role) {
    case ColumnRole::kLabel:
    case ColumnRole::kAsvLabel:
    case ColumnRole::kSasvNumber:
    case ColumnRole::kTargetNumber:
      return classes_.reserve(rows);
    case ColumnRole::kCmScore:
      return cm_scores_.reserve(rows);
    case ColumnRole::kAsvScore:
      return asv_scores_.reserve(rows);
    case ColumnRole::kSasvScore:
      return sasv_scores_.reserve(rows);
    case ColumnRole::kId:
    case ColumnRole::kClaim:
    case ColumnRole::kIgnored:
    case ColumnRole::kFactor:
      return;
  }
}

void TrialTable::mark(const std::string& name, const std::function<bool(const TrialId&)>& holds) {
  Factor factor(name);
  for (size_t row = 0; row < ids().size(); ++row) factor.append(holds(ids()[row]) ? "yes" : "no");
  factors_.push_back(std::move(factor));
}

const Factor* TrialTable::factor(std::string_view name) const {
  const auto found = std::find_if(factors_.begin(), factors_.end(),
                                  [&](const Factor& f) { return f.name() == name; });
  return found == factors_.end() ? nullptr : &*found;
}

std::vector<std::string> TrialTable::factor_names() const {
  std::vector<std::string> names;
  for (const Column& column : layout_.columns) {
    if (column.role == ColumnRole::kFactor) names.push_back(column.name);
  }
  return names;
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
