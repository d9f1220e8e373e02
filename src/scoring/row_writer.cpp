#include "scoring/row_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <utility>

#include "base/csv.h"
#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "trials/score_file.h"

namespace bonafide {

namespace {

// Null for nothing and for what is no number.
Json number(const std::optional<double>& value) {
  return value ? Json(parse_double(score_text(value)).value()) : Json();
}

std::string seconds_text(const ScoreRow& row) {
  return row.seconds > 0 ? fmt::format("{:.3f}", row.seconds) : "";
}

std::string verdict_text(const ScoreRow& row) {
  return row.verdict ? std::string(name_of(*row.verdict)) : "";
}

const ScoreFile<ScoreRow>& table() {
  static const auto file = [] {
    ScoreFile<ScoreRow> columns;
    columns.add("file", [](const ScoreRow& row) { return row.file; });
    columns.add("score", [](const ScoreRow& row) { return score_text(row.score); });
    columns.add("llr", [](const ScoreRow& row) { return score_text(row.llr); });
    columns.add("probability", [](const ScoreRow& row) { return score_text(row.probability); });
    columns.add("verdict", verdict_text);
    columns.add("seconds", seconds_text);
    columns.add("detail", [](const ScoreRow& row) { return row.detail; });
    return columns;
  }();
  return file;
}

std::string jsonl(const ScoreRow& row, bool embeddings) {
  Json json = {{"file", row.file},
               {"score", number(row.score)},
               {"llr", number(row.llr)},
               {"probability", number(row.probability)},
               {"verdict", row.verdict ? Json(name_of(*row.verdict)) : Json()},
               {"seconds", row.seconds > 0 ? number(row.seconds) : Json()},
               {"over", name_of(row.over)},
               {"detail", row.detail}};
  if (row.precision != "float32") json["precision"] = row.precision;
  for (const auto& [name, value] : row.parts) json["parts"][name] = number(value);
  for (const float value : embeddings ? row.embedding : std::vector<float>()) {
    json["embedding"].push_back(number(value));
  }
  for (const Segment& segment : row.segments) {
    json["segments"].push_back({{"start", number(segment.start)},
                                {"end", number(segment.end)},
                                {"score", number(segment.score)}});
    if (!segment.detail.empty()) json["segments"].back()["detail"] = segment.detail;
  }
  // JSON is UTF-8, a file name any bytes: what is no UTF-8 becomes U+FFFD.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

// One line, whatever the name holds.
std::string utterance(const std::string& file) {
  return printable(std::filesystem::path(file).stem().native(), std::numeric_limits<size_t>::max());
}

// Of a system of pairs by its margin, whatever its rule; else the score as it is.
double published_probability(const ScoreRow& row) {
  for (const auto& [name, value] : row.parts) {
    if (name == "margin") return 1 / (1 + std::exp(-double{value}));
  }
  return *row.score;
}

std::string challenge_line(const ScoreRow& row, ScoreFormat format) {
  const std::string id = utterance(row.file);
  const std::string score = score_text(row.score);
  switch (format) {
    case ScoreFormat::kArena:
      return fmt::format("{} {:.6f}\n", id, *row.score);
    case ScoreFormat::kAsvspoof2019:
      return fmt::format("{} - - {}\n", id, score);
    case ScoreFormat::kRat:
      return csv_line({std::filesystem::path(row.file).filename().string(),
                       score_text(published_probability(row)), "nan"});
    case ScoreFormat::kAsvspoof5:
      return fmt::format("{}\t{}\n", id, score);
    default:
      return fmt::format("{} {}\n", id, score);
  }
}

}  // namespace

const std::vector<std::string>& score_format_names() {
  static const std::vector<std::string> names = {
      "csv", "jsonl", "arena", "asvspoof2019", "asvspoof2021", "asvspoof5", "rat"};
  return names;
}

ScoreFormat parse_score_format(std::string_view name) {
  const auto& names = score_format_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw UsageError(fmt::format("no score format \"{}\"; there are: {}", printable(name),
                                 fmt::join(names, ", ")));
  }
  return static_cast<ScoreFormat>(found - names.begin());
}

std::string objection_to(const std::string& file, ScoreFormat format) {
  const bool blanks_separate = format == ScoreFormat::kArena ||
                               format == ScoreFormat::kAsvspoof2019 ||
                               format == ScoreFormat::kAsvspoof2021;
  if (!blanks_separate || utterance(file).find(' ') == std::string::npos) return "";
  return fmt::format("a blank in the name, which the format {} cannot hold; csv and jsonl can",
                     score_format_names().at(static_cast<size_t>(format)));
}

void mark_unnameable(std::vector<Input>& inputs, ScoreFormat format) {
  if (format == ScoreFormat::kCsv || format == ScoreFormat::kJsonl) return;
  std::map<std::string, const AudioLocation*> first;
  std::map<std::string, std::string> others;  // of a name, where another recording of it lies
  for (const Input& input : inputs) {
    const std::string name = utterance(input.location.name());
    const auto [known, is_new] = first.emplace(name, &input.location);
    if (!is_new && !(*known->second == input.location)) {
      others.emplace(name, input.location.name());
    }
  }
  for (Input& input : inputs) {
    if (input.trouble.empty()) input.trouble = objection_to(input.location.name(), format);
    const auto other = others.find(utterance(input.location.name()));
    if (!input.trouble.empty() || other == others.end()) continue;
    const bool is_other = other->second == input.location.name();
    input.trouble = fmt::format(
        "{} has the same name, by which the format {} calls them; csv and jsonl tell them apart",
        printable(is_other ? first.at(other->first)->name() : other->second),
        score_format_names().at(static_cast<size_t>(format)));
  }
}

RowWriter::RowWriter(std::ostream& stream, ScoreFormat format, std::string name, bool embeddings)
    : stream_(stream), format_(format), name_(std::move(name)), embeddings_(embeddings) {
  if (format == ScoreFormat::kCsv) put(table().header());
  if (format == ScoreFormat::kAsvspoof5) put("filename\tcm-score\n");
}

void RowWriter::write(const ScoreRow& row) {
  switch (format_) {
    case ScoreFormat::kCsv:
      return put(table().line(row));
    case ScoreFormat::kJsonl:
      return put(jsonl(row, embeddings_));
    default:
      if (row.score) put(challenge_line(row, format_));
  }
}

void RowWriter::put(const std::string& text) { write_or_say_where(stream_, text, name_); }

void write_or_say_where(std::ostream& stream, std::string_view text, const std::string& name) {
  stream.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
  if (!stream) {
    throw Error(fmt::format("{}: cannot be written (is the disk full?)", printable(name)));
  }
}

}  // namespace bonafide
