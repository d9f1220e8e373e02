#include "trials/table_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "base/text.h"
#include "trials/truth.h"

namespace bonafide {

namespace {

// A column of a layout. "label01" is a label in which 0 is bona fide.
Column column_of_word(std::string_view word) {
  if (word == "-") return {};
  const TrialColumn* known = find_trial_column(word == "label01" ? "label" : word);
  return {known == nullptr ? ColumnRole::kFactor : known->role, std::string(word)};
}

bool names_recording(const TrialColumn* column) {
  return column && (column->role == ColumnRole::kId || column->role == ColumnRole::kPath);
}

bool is_header(const std::vector<std::string>& words) {
  size_t known = 0;
  bool has_id = false;
  for (const std::string& word : words) {
    const TrialColumn* const column = find_trial_column(word);
    has_id = has_id || names_recording(column);
    known += column != nullptr && !names_recording(column) ? 1 : 0;
  }
  return known == words.size() || (has_id && known > 0);
}

// A score or a label stands in one column: of two, nobody knows which is meant.
void refuse_repeated_roles(const TextTable& table, const std::vector<std::string>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const TrialColumn* const column = find_trial_column(words[i]);
    if (column == nullptr) continue;
    const ColumnRole role = column->role;
    if (!is_score(role) && !is_label(role) && role != ColumnRole::kClaim) continue;
    for (size_t earlier = 0; earlier < i; ++earlier) {
      const TrialColumn* const other = find_trial_column(words[earlier]);
      if (other == nullptr || other->role != role) continue;
      throw UsageError(fmt::format(
          "{}: the columns \"{}\" and \"{}\" say the same of a trial; only one of them can stand "
          "here",
          printable(table.name()), printable(words[earlier], 40), printable(words[i], 40)));
    }
  }
}

TableLayout header_layout(const TextTable& table, const std::vector<std::string>& words) {
  refuse_repeated_roles(table, words);
  TableLayout layout{"header", true, false, {}};
  for (const TrialColumn* column : find_trial_columns(words)) {
    const std::string& word = words[layout.columns.size()];
    layout.columns.push_back({column == nullptr ? ColumnRole::kFactor : column->role, word});
  }
  bool has_id = has_role(layout, ColumnRole::kId);
  for (Column& column : layout.columns) {
    if (column.role != ColumnRole::kPath) continue;
    if (!has_id) layout.stretches = StretchColumns(words);
    column.role = has_id ? ColumnRole::kFactor : ColumnRole::kId;
    has_id = true;
  }
  return layout;
}

bool fits(ColumnRole role, std::string_view field, bool number_label) {
  switch (role) {
    case ColumnRole::kCmScore:
      return parse_double(field).has_value();
    case ColumnRole::kLabel: {
      if (number_label) return field == "0" || field == "1";
      const Truth c = find_truth(field);
      return c == Truth::kBonaFide || c == Truth::kSpoof;
    }
    case ColumnRole::kAsvLabel: {
      const Truth c = find_truth(field);
      return c == Truth::kTarget || c == Truth::kNontarget || c == Truth::kSpoof;
    }
    case ColumnRole::kTargetNumber:
      return field == "0" || field == "1";
    default:
      return !field.empty();
  }
}

bool fits(const TableLayout& layout, const std::vector<std::string_view>& fields) {
  if (fields.size() != layout.columns.size()) return false;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!fits(layout.columns[i].role, fields[i], layout.zero_is_bona_fide)) return false;
  }
  // Speakers and recordings may have numbers for names: a line begins with a score only where that
  // is a decimal fraction.
  return layout.columns.front().role != ColumnRole::kCmScore ||
         fields.front().find('.') != std::string_view::npos;
}

bool serves(const TableLayout& layout, TableUse use) {
  const auto has = [&](bool (*wanted)(ColumnRole)) {
    return std::any_of(layout.columns.begin(), layout.columns.end(),
                       [&](const Column& c) { return wanted(c.role); });
  };
  return (use == TableUse::kKey || has(is_score)) && (use == TableUse::kScores || has(is_label));
}

// Those that hold, or all when none does.
template <typename Holds>
void prefer(std::vector<TableLayout>& layouts, const Holds& holds) {
  const auto others = std::stable_partition(layouts.begin(), layouts.end(), holds);
  if (others != layouts.begin()) layouts.erase(others, layouts.end());
}

// How few of all words a column of this role can hold.
int strictness(ColumnRole role) { return is_label(role) ? 2 : is_score(role) ? 1 : 0; }

bool as_strict(const TableLayout& one, const TableLayout& other) {
  return std::equal(
      one.columns.begin(), one.columns.end(), other.columns.begin(),
      [](const Column& a, const Column& b) { return strictness(a.role) >= strictness(b.role); });
}

std::string_view columns_of(const TableLayout& layout) {
  const auto& all = headerless_layouts();
  return std::find_if(all.begin(), all.end(),
                      [&](const NamedLayout& named) { return named.name == layout.name; })
      ->columns;
}

// Of the layouts that fit all rows the first that is as strict in every column as all others: that
// a column of any words holds nothing but labels or numbers would be a strange accident.
TableLayout strictest(const TextTable& table, const std::vector<TableLayout>& fitting) {
  TableLayout best = fitting.front();
  for (const TableLayout& layout : fitting) {
    if (!as_strict(best, layout)) best = layout;
  }
  for (const TableLayout& layout : fitting) {
    if (as_strict(best, layout)) continue;
    throw UsageError(fmt::format(
        "{}: its columns may be \"{}\" or \"{}\"; one of these as header line would say which",
        printable(table.name()), columns_of(layout), columns_of(best)));
  }
  return best;
}

// " (known with 3 columns are: id label score; claim id score)", or nothing.
std::string known_with(const TextTable& table, size_t columns) {
  std::vector<std::string_view> known;
  for (const NamedLayout& named : headerless_layouts()) {
    if (named.commas != (table.separator() == ',')) continue;
    if (split_blanks(named.columns).size() == columns) known.push_back(named.columns);
  }
  if (known.empty()) return "";
  return fmt::format(" (known with {} columns are: {})", columns, fmt::join(known, "; "));
}

std::vector<TableLayout> candidates(const TextTable& table) {
  std::vector<TableLayout> layouts;
  for (const NamedLayout& named : headerless_layouts()) {
    if (named.commas != (table.separator() == ',')) continue;
    TableLayout layout{std::string(named.name), false, false, {}};
    for (const std::string_view word : split_blanks(named.columns)) {
      layout.columns.push_back(column_of_word(word));
      layout.zero_is_bona_fide = layout.zero_is_bona_fide || word == "label01";
    }
    layouts.push_back(std::move(layout));
  }
  return layouts;
}

}  // namespace

bool has_role(const TableLayout& layout, ColumnRole role) {
  return std::any_of(layout.columns.begin(), layout.columns.end(),
                     [&](const Column& c) { return c.role == role; });
}

size_t find_factor_column(const TableLayout& layout, std::string_view name) {
  const std::string word = column_word(name);
  const TrialColumn* const meant = find_trial_column(word);
  const auto find = [&](const auto& is_meant) {
    const auto at = std::find_if(layout.columns.begin(), layout.columns.end(), is_meant);
    return at == layout.columns.end() ? SIZE_MAX : static_cast<size_t>(at - layout.columns.begin());
  };
  if (meant != nullptr && meant->role == ColumnRole::kClaim) {
    return find([](const Column& c) { return c.role == ColumnRole::kClaim; });
  }
  const auto is_factor = [](const Column& c) {
    return c.role == ColumnRole::kFactor || c.role == ColumnRole::kPlace;
  };
  const size_t exact = find([&](const Column& c) { return is_factor(c) && c.word == word; });
  if (exact != SIZE_MAX || meant == nullptr) return exact;
  return find([&](const Column& c) { return is_factor(c) && find_trial_column(c.word) == meant; });
}

const std::vector<NamedLayout>& headerless_layouts() {
  static const std::vector<NamedLayout> table = {
      {"asvspoof2021", "id score"},
      {"asvspoof2021-csv", "id score", true},
      {"asvspoof2019", "id attack label score"},
      {"same", "id label score"},
      {"asvspoof2019-asv", "source asv-label score"},
      {"asvspoof2021-asv", "claim id score"},  // Kaldi's and, without labels, WeSpeaker's too
      {"voxceleb-trainer", "score claim id"},
      {"speechbrain", "claim id target01 score"},
      {"asvspoof5-aasist", "speaker id score label"},
      {"a-dcf", "claim id score asv-label"},  // WeSpeaker's too
      {"wespeaker-norm", "claim id score asv-label - - - -"},
      {"sasv2022", "claim id attack asv-label score"},
      {"rat", "id score label01", true},
      {"labelled-csv", "id score label", true},
      {"asvspoof2019-protocol", "speaker id environment attack label"},
      {"asvspoof2015-protocol", "speaker id attack label"},
      {"sasv2022-protocol", "claim id attack asv-label"},
      {"asvspoof2017-protocol", "id label speaker phrase environment playback recording"},
      {"asvspoof2021-la", "speaker id codec transmission attack label trim subset"},
      {"asvspoof2021-la-asv", "claim id codec transmission attack asv-label trim subset"},
      {"asvspoof2021-df",
       "speaker id compression source attack label trim subset vocoder task team gender language"},
      {"asvspoof2021-pa",
       "speaker id asv-room asv-mic asv-distance attacker-room attacker-mic replay-device "
       "attacker-distance label trim subset"},
      {"asvspoof2021-pa-asv",
       "claim id asv-room asv-mic asv-distance attacker-room attacker-mic replay-device "
       "attacker-distance asv-label trim subset"},
      {"asvspoof5-track1", "speaker id gender codec codec-quality codec-seed tag attack label -"},
      {"asvspoof5-track1-2024", "speaker id gender - attack label"},
      {"asvspoof5-track2", "claim id gender attack asv-label"},
      {"labelled-list", "id label"},
      {"codecfake", "id label attack"},
      {"kaldi-trials", "claim id asv-label"},
      {"voxceleb-pairs", "target01 claim id"},
  };
  return table;
}

TableLayout detect_layout(TextTable& table, TableUse use) {
  std::vector<std::string_view> fields;
  if (!table.next(fields)) {
    throw UsageError(fmt::format("{}: no lines with text", printable(table.name())));
  }
  std::vector<std::string> words(fields.size());
  std::transform(fields.begin(), fields.end(), words.begin(), column_word);
  if (is_header(words)) return header_layout(table, words);

  std::vector<TableLayout> left = candidates(table);
  table.rewind();
  for (size_t row = 0; table.next(fields); ++row) {
    // The first row decides what kind of file it is; a later one that fits nothing is an error of
    // its own, which the reader names.
    std::vector<TableLayout> fitting;
    std::copy_if(left.begin(), left.end(), std::back_inserter(fitting),
                 [&](const TableLayout& layout) { return fits(layout, fields); });
    if (fitting.empty() && row == 0) {
      throw UsageError(
          fmt::format("{}: line {}: {} columns (\"{}\") that are no score file, key or protocol "
                      "known here{}; a "
                      "header line with the names id, score, label would say what they are",
                      printable(table.name()), table.line(), fields.size(),
                      printable(fmt::format("{}", fmt::join(fields, " ")), 80),
                      known_with(table, fields.size())));
    }
    if (!fitting.empty()) left = std::move(fitting);
    prefer(left, [&](const TableLayout& layout) { return serves(layout, use); });
    if (left.size() == 1) break;
  }
  table.rewind();
  return strictest(table, left);
}

}  // namespace bonafide
