#include "trials/table_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "trials/truth.h"

namespace bonafide {

namespace {

const std::map<std::string_view, ColumnRole>& role_words() {
  static const std::map<std::string_view, ColumnRole> table = {
      {"-", ColumnRole::kIgnored},     {"id", ColumnRole::kId},
      {"claim", ColumnRole::kClaim},   {"label", ColumnRole::kLabel},
      {"label01", ColumnRole::kLabel}, {"asv-label", ColumnRole::kAsvLabel},
      {"score", ColumnRole::kCmScore}, {"target01", ColumnRole::kTargetNumber},
  };
  return table;
}

Column column_of_word(std::string_view word) {
  const auto role = role_words().find(word);
  if (role != role_words().end()) return {role->second, ""};
  return {ColumnRole::kFactor, std::string(word)};
}

// Header words, '_' read as '-'. Of several words for the id the first in this list wins; the
// others become factors.
constexpr std::array<std::string_view, 13> kIdWords = {
    "id",      "utt",        "utterance", "utterance-id", "utt-id", "trial",    "trial-id",
    "file-id", "trial-anon", "filename",  "file",         "path",   "file-name"};

bool is_path_word(std::string_view word) {
  return word == "path" || (word.starts_with("file") && word != "file-id");
}

const std::map<std::string_view, Column>& header_words() {
  static const std::map<std::string_view, Column> table = {
      {"score", {ColumnRole::kCmScore, ""}},
      {"cm-score", {ColumnRole::kCmScore, ""}},
      {"asv-score", {ColumnRole::kAsvScore, ""}},
      {"sasv-score", {ColumnRole::kSasvScore, ""}},
      {"label", {ColumnRole::kLabel, ""}},
      {"key", {ColumnRole::kLabel, ""}},
      {"cm-label", {ColumnRole::kLabel, ""}},
      {"asv-label", {ColumnRole::kAsvLabel, ""}},
      {"asv-key", {ColumnRole::kAsvLabel, ""}},
      {"sasv-label", {ColumnRole::kSasvNumber, ""}},
      {"target01", {ColumnRole::kTargetNumber, ""}},
      {"claim", {ColumnRole::kClaim, ""}},
      {"claimed-speaker", {ColumnRole::kClaim, ""}},
      {"tar-spk-anon", {ColumnRole::kClaim, ""}},
      {"spk", {ColumnRole::kFactor, "speaker"}},
      {"speaker", {ColumnRole::kFactor, "speaker"}},
      {"speaker-id", {ColumnRole::kFactor, "speaker"}},
      {"attack", {ColumnRole::kFactor, "attack"}},
      {"system", {ColumnRole::kFactor, "attack"}},
      {"attack-anon", {ColumnRole::kFactor, "attack"}},
      {"attack-label", {ColumnRole::kFactor, "attack"}},
      {"subset", {ColumnRole::kFactor, "subset"}},
      {"partition", {ColumnRole::kFactor, "subset"}},
      {"split", {ColumnRole::kFactor, "subset"}},
  };
  return table;
}

std::string header_word(std::string_view field) {
  std::string word = lower(trim(field));
  std::replace(word.begin(), word.end(), '_', '-');
  return word;
}

bool is_header(const std::vector<std::string>& words) {
  const bool has_id = std::any_of(words.begin(), words.end(), [](const std::string& w) {
    return std::find(kIdWords.begin(), kIdWords.end(), w) != kIdWords.end();
  });
  const auto known = std::count_if(words.begin(), words.end(),
                                   [](const std::string& w) { return header_words().contains(w); });
  return known == static_cast<std::ptrdiff_t>(words.size()) || (has_id && known > 0);
}

// A score or a label stands in one column: of two, nobody knows which is meant.
void refuse_repeated_roles(const TextTable& table, const TableLayout& layout,
                           const std::vector<std::string>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const ColumnRole role = layout.columns[i].role;
    if (role == ColumnRole::kIgnored || role == ColumnRole::kFactor) continue;
    for (size_t earlier = 0; earlier < i; ++earlier) {
      if (layout.columns[earlier].role != role) continue;
      throw UsageError(fmt::format(
          "{}: the columns \"{}\" and \"{}\" say the same of a trial; only one of them can stand "
          "here",
          printable(table.name()), printable(words[earlier], 40), printable(words[i], 40)));
    }
  }
}

TableLayout header_layout(const TextTable& table, const std::vector<std::string>& words) {
  TableLayout layout{"header", true, false, {}};
  for (const std::string& word : words) {
    const auto known = header_words().find(word);
    layout.columns.push_back(known != header_words().end() ? known->second
                                                           : Column{ColumnRole::kFactor, word});
  }
  for (const std::string_view id : kIdWords) {
    const auto at = std::find(words.begin(), words.end(), id);
    if (at == words.end()) continue;
    layout.columns[static_cast<size_t>(at - words.begin())] = {ColumnRole::kId, ""};
    if (is_path_word(id)) layout.stretches = StretchColumns(words);
    break;
  }
  // In tables of verification trials "spk" is the claimed speaker, not the one who speaks, unless
  // another column is.
  const bool verification =
      has_role(layout, ColumnRole::kAsvLabel) || has_role(layout, ColumnRole::kTargetNumber) ||
      has_role(layout, ColumnRole::kAsvScore) || has_role(layout, ColumnRole::kSasvScore);
  const bool claimed = has_role(layout, ColumnRole::kClaim);
  for (size_t i = 0; i < words.size() && verification && !claimed; ++i) {
    if (words[i] == "spk") layout.columns[i] = {ColumnRole::kClaim, ""};
  }
  refuse_repeated_roles(table, layout, words);
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

bool is_score(ColumnRole role) {
  return role == ColumnRole::kCmScore || role == ColumnRole::kAsvScore ||
         role == ColumnRole::kSasvScore;
}

bool is_label(ColumnRole role) {
  return role == ColumnRole::kLabel || role == ColumnRole::kAsvLabel ||
         role == ColumnRole::kSasvNumber || role == ColumnRole::kTargetNumber;
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
  std::transform(fields.begin(), fields.end(), words.begin(), header_word);
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
