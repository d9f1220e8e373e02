#include "base/stretch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::array<std::string_view, 9> kBegins = {
    "start", "begin", "offset", "onset", "tmin", "xmin", "start_offset", "t_start", "frame_offset"};
constexpr std::array<std::string_view, 7> kEnds = {"end",   "stop",       "tmax",  "xmax",
                                                   "t_end", "end_offset", "t_stop"};
constexpr std::array<std::string_view, 3> kLengths = {"duration", "dur", "length"};
// What may stand behind such a word, or before it: the unit.
constexpr std::array<std::string_view, 8> kSeconds = {"time",    "s",      "sec",      "secs",
                                                      "seconds", "second", "position", "pos"};
constexpr std::array<std::string_view, 4> kMilliseconds = {"ms", "msec", "milliseconds", "millis"};
constexpr std::array<std::string_view, 4> kSamples = {"sample", "samples", "frame", "frames"};

template <typename Words>
bool is_one(std::string_view word, const Words& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string plain(std::string_view name) {
  std::string word = lower(trim(name));
  std::replace_if(
      word.begin(), word.end(), [](char c) { return c == '-' || c == ' '; }, '_');
  std::erase_if(word, [](char c) { return c == '(' || c == ')' || c == '[' || c == ']'; });
  return word;
}

// "start_time" is "start" and "time"; "sample_start" too. "starttime" is one word that is known.
std::pair<std::string, std::string> split_unit(const std::string& name) {
  const auto is_unit = [](std::string_view word) {
    return is_one(word, kSeconds) || is_one(word, kMilliseconds) || is_one(word, kSamples);
  };
  const size_t last = name.rfind('_'), first = name.find('_');
  if (last != std::string::npos && is_unit(name.substr(last + 1))) {
    return {name.substr(0, last), name.substr(last + 1)};
  }
  if (first != std::string::npos && is_unit(name.substr(0, first)) && name != "frame_offset") {
    return {name.substr(first + 1), name.substr(0, first)};
  }
  if (name.ends_with("time")) return {name.substr(0, name.size() - 4), "time"};
  return {name, name == "frame_offset" ? "frames" : ""};
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
  const auto [word, unit] = split_unit(plain(name));
  Column column{name, index, Edge::kBegin};
  if (is_one(word, kEnds)) {
    column.edge = Edge::kEnd;
  } else if (is_one(word, kLengths)) {
    column.edge = Edge::kLength;
  } else if (!is_one(word, kBegins)) {
    return {};
  }
  if (is_one(unit, kSamples)) column.unit = Excerpt::Unit::kSamples;
  if (is_one(unit, kMilliseconds)) column.scale = 0.001;
  return column;
}

StretchColumns::StretchColumns(const std::vector<std::string>& header) {
  bool has_edge = false;
  std::array<Column*, 2> speech_brain = {};
  columns_.reserve(header.size());
  for (size_t i = 0; i < header.size(); ++i) {
    const auto column = column_of(header[i], i);
    if (!column) continue;
    has_edge = has_edge || column->edge != Edge::kLength;
    columns_.push_back(*column);
    if (plain(header[i]) == "start") speech_brain[0] = &columns_.back();
    if (plain(header[i]) == "stop") speech_brain[1] = &columns_.back();
  }
  if (!has_edge) columns_.clear();
  if (!speech_brain[0] || !speech_brain[1]) return;
  for (Column* column : speech_brain) column->unit = Excerpt::Unit::kSamples;
}

void StretchColumns::note(const Column& column, std::string_view text, Found& found) {
  text = trim(text);
  if (says_nothing(text)) return;
  const auto number = time_of(text);
  if (!number && column.edge == Edge::kLength) return;  // of no matter where nothing begins
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
  Excerpt stretch;
  stretch.begin = begin;
  stretch.unit = (found.begin ? found.begin : found.end)->column->unit;
  if (found.end) {
    stretch.end = found.end->number;
  } else if (found.length && found.length->column->unit == stretch.unit) {
    stretch.end = begin + found.length->number;
  }
  return stretch;
}

void StretchColumns::refuse(const Found& found) {
  const bool at_begin = found.begin && (found.begin->number != 0 || !(found.end || found.length));
  const Value& value = at_begin ? *found.begin : found.end ? *found.end : *found.length;
  const std::string whole = at_begin ? "" : " (leave the columns empty where all of it is meant)";
  throw UsageError(fmt::format(
      "column \"{}\": {} means a stretch of the recording; stretches are not read, cut it into "
      "files{}",
      printable(value.column->name, 40), printable(value.text, 40), whole));
}

bool is_stretch_column(std::string_view name) {
  const auto column = split_unit(plain(name)).first;
  return is_one(column, kBegins) || is_one(column, kEnds) || is_one(column, kLengths);
}

}  // namespace bonafide
