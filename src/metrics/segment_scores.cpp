#include "metrics/segment_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace {

struct Recording {
  std::string name;
  std::vector<double> ends;  // of its segments, seconds
  std::vector<double> scores;
};

double number(const Json& segment, const char* field) {
  const auto found = segment.find(field);
  if (found == segment.end() || !found->is_number()) {
    throw UsageError(fmt::format("a segment without a number \"{}\"", field));
  }
  return found->get<double>();
}

// Ends are rounded as scores are, to nine digits.
bool near(double one, double other) {
  return std::abs(one - other) <= 1e-6 * std::max(1.0, std::abs(other));
}

Recording parse_row(std::string_view line) {
  const Json row = Json::parse(line);
  if (!row.is_object() || !row.contains("file") || !row["file"].is_string()) {
    throw UsageError("no object with a text \"file\"");
  }
  Recording recording{
      std::filesystem::path(row["file"].get<std::string>()).stem().string(), {}, {}};
  if (!row.contains("segments") || !row["segments"].is_array() || row["segments"].empty()) {
    throw UsageError(
        fmt::format("{}: no segments; `bonafide score --segments --format jsonl` "
                    "writes them",
                    printable(recording.name, 80)));
  }
  double before = 0;
  for (const Json& segment : row["segments"]) {
    if (!segment.is_object() || !near(number(segment, "start"), before) ||
        !(number(segment, "end") > before)) {
      throw UsageError(
          fmt::format("{}: a segment that does not begin at {:.9g} s, where the one "
                      "before ended",
                      printable(recording.name, 80), before));
    }
    before = number(segment, "end");
    recording.ends.push_back(before);
    recording.scores.push_back(number(segment, "score"));
  }
  return recording;
}

// The longest of all: only the last segment of a recording may be shorter.
void refuse_other_lengths(const Recording& recording, double seconds) {
  for (size_t i = 0; i < recording.ends.size(); ++i) {
    const double whole = static_cast<double>(i + 1) * seconds;
    const bool last = i + 1 == recording.ends.size();
    if (near(recording.ends[i], whole) || (last && recording.ends[i] < whole)) continue;
    throw UsageError(
        fmt::format("{}: a segment that ends at {:.9g} s; of {:.9g} s each, it should "
                    "end at {:.9g} s",
                    printable(recording.name, 80), recording.ends[i], seconds, whole));
  }
}

// What `work` throws, with file and line before it.
template <typename Work>
void at_line(const std::string& name, size_t line, const Work& work) {
  try {
    work();
  } catch (const Json::exception&) {
    throw UsageError(fmt::format("{}: line {}: no JSON", printable(name), line));
  } catch (const UsageError& e) {
    throw UsageError(fmt::format("{}: line {}: {}", printable(name), line, e.what()));
  }
}

}  // namespace

bool holds_json_rows(std::string_view text) { return trim(text.substr(0, 4096)).starts_with('{'); }

SegmentScores parse_segment_scores(std::string_view text, const std::string& name) {
  SegmentScores result;
  std::vector<std::pair<size_t, Recording>> rows;
  size_t number_of_line = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number_of_line;
    if (trim(line).empty()) continue;
    at_line(name, number_of_line, [&] { rows.emplace_back(number_of_line, parse_row(line)); });
    result.seconds = std::max(result.seconds, rows.back().second.ends.front());
  }
  if (rows.empty()) throw UsageError(fmt::format("{}: no recordings", printable(name)));
  for (auto& row : rows) {
    at_line(name, row.first, [&] {
      Recording& recording = row.second;
      refuse_other_lengths(recording, result.seconds);
      if (!result.scores.emplace(recording.name, std::move(recording.scores)).second) {
        throw UsageError(fmt::format("{} stands twice", printable(recording.name, 80)));
      }
    });
  }
  return result;
}

}  // namespace bonafide
