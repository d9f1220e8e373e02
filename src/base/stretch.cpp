#include "base/stretch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::string_view kBegins[] = {"start", "begin", "beg",  "onset", "offset",
                                        "from",  "tmin",  "xmin", "t0",    "first"};
constexpr std::string_view kEnds[] = {"end", "stop", "to", "tmax", "xmax", "t1", "last"};
constexpr std::string_view kLengths[] = {"duration", "dur", "length"};
// Words that mean the same with others only: data about people and files has them too.
constexpr std::string_view kWeak[] = {"from", "to", "first", "last", "t0", "t1"};
// What may stand beside such a word.
constexpr std::string_view kQualifiers[] = {"segment", "seg",       "clip", "chunk",  "vad",
                                            "audio",   "utterance", "utt",  "speech", "time",
                                            "times",   "timestamp", "in",   "idx",    "index",
                                            "t",       "position",  "pos",  "wav",    "region"};
constexpr std::string_view kSeconds[] = {"s", "sec", "secs", "seconds", "second"};
constexpr std::string_view kMilliseconds[] = {"ms", "msec", "milliseconds", "millis"};
constexpr std::string_view kSamples[] = {"sample", "samples", "frame", "frames"};
constexpr std::pair<std::string_view, double> kOtherUnits[] = {
    {"us", 1e-6}, {"ns", 1e-9}, {"min", 60}, {"mins", 60}, {"minutes", 60}};  // in seconds

template <typename Words>
bool is_one(std::string_view word, const Words& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_unit(std::string_view word) {
  return is_one(word, kSeconds) || is_one(word, kMilliseconds) || is_one(word, kSamples) ||
         std::any_of(std::begin(kOtherUnits), std::end(kOtherUnits),
                     [&](const auto& unit) { return unit.first == word; });
}

bool is_edge(std::string_view word) {
  return is_one(word, kBegins) || is_one(word, kEnds) || is_one(word, kLengths);
}

// "starttime", "begtime" and "startframe" are two words each.
void add_word(const std::string& word, std::vector<std::string>& words) {
  for (const std::string_view tail : {"time", "sample", "frame"}) {
    const std::string head = word.ends_with(tail) ? word.substr(0, word.size() - tail.size()) : "";
    if (!is_edge(head)) continue;
    words.insert(words.end(), {head, std::string(tail)});
    return;
  }
  if (!word.empty()) words.push_back(word);
}

// "startSec", "start (s)" and "START_S" in words.
std::vector<std::string> words_of(std::string_view name) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  std::vector<std::string> words;
  std::string word;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool parts = std::string_view(" _-.()[]/\t").find(name[i]) != std::string_view::npos;
    if (parts || (i > 0 && is_upper(name[i]) && is_lower(name[i - 1]))) {
      add_word(std::exchange(word, ""), words);
    }
    if (!parts) word += lower(name.substr(i, 1));
  }
  add_word(word, words);
  return words;
}

// A name of one word for an edge, beside qualifiers and a unit only.
struct EdgeName {
  std::string edge;
  std::string unit;
  bool qualified = false;
};

std::optional<EdgeName> edge_name(std::string_view name) {
  EdgeName found;
  for (const std::string& word : words_of(name)) {
    if (is_edge(word) && found.edge.empty()) {
      found.edge = word;
    } else if (is_unit(word) && found.unit.empty()) {
      found.unit = word;
      found.qualified = true;
    } else if (is_one(word, kQualifiers)) {
      found.qualified = true;
    } else if (word == "offset" && (found.edge == "start" || found.edge == "end")) {  // Lhotse
      found.qualified = true;
    } else {
      return {};
    }
  }
  if (found.edge.empty()) return {};
  return found;
}

// Seconds of "12.5", "1:02.5" or "0:01:02.5".
std::optional<double> time_of(std::string_view text) {
  double seconds = 0;
  const auto parts = split(text, ':');
  if (parts.size() > 3) return {};
  for (const std::string_view part : parts) {
    const auto number = parse_double(part);
    if (!number || (parts.size() > 1 && !(*number >= 0))) return {};
    seconds = 60 * seconds + *number;
  }
  return seconds;
}

bool says_nothing(std::string_view text) {
  static constexpr std::string_view kNothing[] = {"", "-", "null", "none", "nan", "na", "n/a"};
  return is_one(lower(text), kNothing);
}

}  // namespace

std::optional<StretchColumns::Column> StretchColumns::column_of(const std::string& name,
                                                                size_t index) {
  const auto found = edge_name(name);
  if (!found) return {};
  Column column{name, index, Edge::kBegin};
  if (is_one(found->edge, kEnds)) column.edge = Edge::kEnd;
  if (is_one(found->edge, kLengths)) column.edge = Edge::kLength;
  column.weak = !found->qualified && is_one(found->edge, kWeak);
  if (is_one(found->unit, kSamples)) column.unit = Excerpt::Unit::kSamples;
  if (is_one(found->unit, kMilliseconds)) column.scale = 0.001;
  for (const auto& [unit, seconds] : kOtherUnits) {
    if (found->unit == unit) column.scale = seconds;
  }
  return column;
}

StretchColumns::StretchColumns(const std::vector<std::string>& header) {
  bool has_edge = false, has_begin = false;
  bool has_start = false, has_stop = false;  // SpeechBrain's, in samples
  for (size_t i = 0; i < header.size(); ++i) {
    const auto column = column_of(header[i], i);
    if (!column) continue;
    const bool alone = column->weak && column->edge == Edge::kEnd;
    has_edge = has_edge || (column->edge != Edge::kLength && !alone);
    has_begin = has_begin || column->edge == Edge::kBegin;
    columns_.push_back(*column);
    has_start = has_start || lower(trim(header[i])) == "start";
    has_stop = has_stop || lower(trim(header[i])) == "stop";
  }
  // "to" and "last" mean an end beside a begin only.
  if (!has_begin) {
    std::erase_if(columns_, [](const Column& c) { return c.weak && c.edge == Edge::kEnd; });
  }
  if (!has_edge) columns_.clear();
  if (!has_start || !has_stop) return;
  for (Column& column : columns_) {
    const std::string word = lower(trim(column.name));
    if (word == "start" || word == "stop") column.unit = Excerpt::Unit::kSamples;
  }
}

void StretchColumns::note(const Column& column, std::string_view text, Found& found) {
  text = trim(text);
  if (says_nothing(text)) return;
  const auto number = time_of(text);
  // A length is of no matter where nothing begins; "from" may mean a place or a corpus.
  if (!number && (column.edge == Edge::kLength || column.weak)) return;
  if (!number || (column.edge == Edge::kBegin && !std::isfinite(*number))) {
    throw UsageError(
        fmt::format("column \"{}\": \"{}\" is not a time within a recording (rename the column if "
                    "it means something else)",
                    printable(column.name, 40), printable(text, 40)));
  }
  // An end or a length of -1, or infinite, is that of the recording.
  const bool open = column.edge != Edge::kBegin && (*number < 0 || !std::isfinite(*number));
  if (open) return;
  auto& value = column.edge == Edge::kBegin ? found.begin
                : column.edge == Edge::kEnd ? found.end
                                            : found.length;
  // Of two columns that say the same ("offset" and "start"), that which says more.
  if (!value || value->number == 0) {
    value = Value{&column, *number * column.scale, std::string(text)};
  }
}

std::optional<Excerpt> StretchColumns::stretch_of(const Found& found) {
  if (!found.begin && !found.end) return {};
  const double begin = found.begin ? found.begin->number : 0;
  if (begin == 0 && !found.end && !found.length) return {};
  const auto& first = found.begin ? found.begin : found.end;
  Excerpt stretch{.begin = begin, .unit = first->column->unit};
  const auto& last = found.end ? found.end : found.length;
  if (last) {
    if (last->column->unit != stretch.unit && begin != 0) refuse_units(*first, *last);
    stretch.unit = last->column->unit;
    stretch.end = last->number + (found.end ? 0 : begin);
  }
  if (begin < 0 || (stretch.end && *stretch.end <= begin)) refuse_empty(*first, last);
  return stretch;
}

void StretchColumns::refuse_units(const Value& begin, const Value& end) {
  throw UsageError(fmt::format("columns \"{}\" and \"{}\": samples and seconds in one row",
                               printable(begin.column->name, 40), printable(end.column->name, 40)));
}

void StretchColumns::refuse_empty(const Value& begin, const std::optional<Value>& end) {
  throw UsageError(fmt::format("column \"{}\": {}{} is no stretch of a recording",
                               printable(begin.column->name, 40), printable(begin.text, 40),
                               end ? fmt::format(" with {} in \"{}\"", printable(end->text, 40),
                                                 printable(end->column->name, 40))
                                   : ""));
}

void StretchColumns::refuse(const Found& found) {
  const bool at_begin = found.begin && (found.begin->number != 0 || !(found.end || found.length));
  const Value& value = at_begin ? *found.begin : found.end ? *found.end : *found.length;
  const std::string whole = at_begin ? "" : " (leave the columns empty where all of it is meant)";
  throw UsageError(
      fmt::format("column \"{}\": {} means a stretch of the recording, which is not told from its "
                  "others here{}",
                  printable(value.column->name, 40), printable(value.text, 40), whole));
}

bool is_stretch_column(std::string_view name) { return edge_name(name).has_value(); }

}  // namespace bonafide
