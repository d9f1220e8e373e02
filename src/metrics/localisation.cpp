#include "metrics/localisation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "metrics/eer.h"
#include "trials/text_table.h"
#include "trials/trial_table.h"
#include "trials/truth.h"

namespace bonafide {

namespace {

[[noreturn]] void complain(const TextTable& table, const std::string& why) {
  throw UsageError(fmt::format("{}: line {}: {}", printable(table.name()), table.line(), why));
}

double number(const TextTable& table, std::string_view field, std::string_view what) {
  const auto value = parse_double(field);
  if (!value || !std::isfinite(*value)) {
    complain(table, fmt::format("{} \"{}\" is no finite number", what, printable(field, 40)));
  }
  return *value;
}

LabelledSpans read_spans(TextTable table) {
  LabelledSpans spans;
  std::vector<std::string_view> fields;
  while (table.next(fields)) {
    if (fields.size() != 10) {
      complain(table, fmt::format("{} columns, expected the 10 of RTTM", fields.size()));
    }
    const double start = number(table, fields[3], "start");
    const double duration = number(table, fields[4], "duration");
    const Truth label = find_truth(fields[7]);
    if (label != Truth::kBonaFide && label != Truth::kSpoof) {
      complain(table,
               fmt::format("label \"{}\" is neither bonafide nor spoof", printable(fields[7], 40)));
    }
    auto& recording = spans[std::string(fields[1])];
    const double before = recording.empty() ? 0 : recording.back().end;
    // The published code rounds ends to five decimals.
    const double end = std::round((start + duration) * 1e5) / 1e5;
    if (start < 0 || duration < 0 || end < before) {
      complain(table, "spans of a recording must follow one another in time");
    }
    recording.push_back({start, end, label == Truth::kBonaFide});
  }
  if (spans.empty()) throw UsageError(fmt::format("{}: no spans", printable(table.name())));
  return spans;
}

FrameScores read_frames(TextTable table, size_t column) {
  FrameScores scores;
  std::vector<std::string_view> fields;
  while (table.next(fields)) {
    if (fields.size() <= std::max<size_t>(column, 1)) {
      complain(table,
               fmt::format("{} columns, expected \"recording frame score\" with the score in "
                           "column {}",
                           fields.size(), column));
    }
    auto recording = scores.find(fields[0]);
    if (recording == scores.end()) {
      recording = scores.emplace(std::string(fields[0]), std::vector<double>()).first;
    }
    if (parse_integer(fields[1]) != static_cast<int64_t>(recording->second.size())) {
      complain(table, fmt::format("frame \"{}\" of {}, expected {}", printable(fields[1], 40),
                                  printable(fields[0], 80), recording->second.size()));
    }
    recording->second.push_back(number(table, fields[column], "score"));
  }
  if (scores.empty()) throw UsageError(fmt::format("{}: no frames", printable(table.name())));
  return scores;
}

enum class FrameLabel : uint8_t { kNone, kBonaFide, kSpoof };

FrameLabel label_of(const LabelledSpan& span) {
  return span.bona_fide ? FrameLabel::kBonaFide : FrameLabel::kSpoof;
}

// Frames that rounding left without a label take that of the span that covers most of them.
void label_by_overlap(const std::vector<LabelledSpan>& spans, double frame,
                      std::vector<FrameLabel>& labels) {
  size_t next = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const double start = static_cast<double>(i) * frame;
    const double end = static_cast<double>(i + 1) * frame;
    while (next < spans.size() && spans[next].end <= start) ++next;
    if (labels[i] != FrameLabel::kNone) continue;
    double longest = 1e-9 * frame;  // less is rounding
    for (size_t s = next; s < spans.size() && spans[s].start < end; ++s) {
      const double overlap = std::min(end, spans[s].end) - std::max(start, spans[s].start);
      if (overlap <= longest) continue;
      longest = overlap;
      labels[i] = label_of(spans[s]);
    }
  }
}

// The label of each of `frames` frames: a span has the frames whose rounded borders it spans, at
// least one; later spans win. The others have none where no span covers them; for the official
// tool, the label of the first span.
std::vector<FrameLabel> frame_labels(const std::vector<LabelledSpan>& spans, size_t frames,
                                     double frame, bool official) {
  std::vector<FrameLabel> labels(frames, official ? label_of(spans.front()) : FrameLabel::kNone);
  const auto index = [&](double seconds) {
    return static_cast<size_t>(std::min(seconds / frame + 0.5, static_cast<double>(frames)));
  };
  for (const LabelledSpan& span : spans) {
    const size_t first = index(span.start);
    const size_t last = std::min(std::max(first + 1, index(span.end)), frames);
    for (size_t i = first; i < last; ++i) labels[i] = label_of(span);
  }
  if (!official) label_by_overlap(spans, frame, labels);
  return labels;
}

// A stretch of time with one score and one label.
struct Piece {
  double score = 0;
  double seconds = 0;
  bool bona_fide = false;
};

// Cuts the frames at the borders of the spans, and adds up time as the published code does.
void cut(const std::vector<double>& scores, const std::vector<LabelledSpan>& spans, double frame,
         std::vector<Piece>& pieces) {
  const double end = spans.back().end;
  size_t frames = scores.size();
  while (frames > 0 && static_cast<double>(frames - 1) * frame > end) --frames;
  const auto frame_end = [&](size_t i) {
    return i + 1 == frames ? end : static_cast<double>(i + 1) * frame;
  };
  double now = 0;
  size_t span = 0;
  size_t at = 0;
  while (now < end) {
    while (span < spans.size() && now >= spans[span].end) ++span;
    while (at < frames && now >= frame_end(at)) ++at;
    if (span == spans.size() || at == frames) return;
    const double until = std::min(frame_end(at), spans[span].end);
    pieces.push_back({scores[at], until - now, spans[span].bona_fide});
    now += until - now;
  }
}

struct Curve {
  double eer = 1;
  double threshold = 0;
  double difference = HUGE_VAL;

  void visit(double miss, double false_alarm, double at) {
    if (std::abs(miss - false_alarm) >= difference) return;
    difference = std::abs(miss - false_alarm);
    eer = (miss + false_alarm) / 2;
    threshold = at;
  }
};

struct Durations {
  double bona_fide = 0;
  double spoof = 0;

  void add(const Piece& piece) { (piece.bona_fide ? bona_fide : spoof) += piece.seconds; }
};

Curve exact_range_eer(std::vector<Piece> pieces, const Durations& total) {
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b) { return a.score < b.score; });
  Curve curve;
  curve.visit(0, 1, pieces.front().score);
  Durations rejected;
  for (size_t i = 0; i < pieces.size(); ++i) {
    rejected.add(pieces[i]);
    if (i + 1 < pieces.size() && pieces[i + 1].score == pieces[i].score) continue;
    curve.visit(rejected.bona_fide / total.bona_fide, 1 - rejected.spoof / total.spoof,
                pieces[i].score);
  }
  return curve;
}

// WeDefense's rangeeer.py: bins over twice the largest score to either side; the rates are divided
// by the durations below the last bin.
Curve official_range_eer(const std::vector<Piece>& pieces) {
  constexpr size_t kBins = 100000;
  double largest = 0;
  for (const Piece& piece : pieces) largest = std::max(largest, std::abs(piece.score));
  const double high = 2 * largest;
  if (high == 0) throw Error("range EER: all scores are 0, which the official tool cannot bin");
  std::vector<Durations> bins(kBins + 1);
  for (const Piece& piece : pieces) {
    const double share = (piece.score + high) / (high + high);
    bins[static_cast<size_t>(share * kBins)].add(piece);
  }
  Durations sum;
  for (Durations& bin : bins) {
    sum = {sum.bona_fide + bin.bona_fide, sum.spoof + bin.spoof};
    bin = sum;
  }
  const Durations total = bins[kBins - 1];
  Curve curve;
  for (size_t i = 0; i <= kBins; ++i) {
    curve.visit(bins[i].bona_fide / total.bona_fide, 1 - bins[i].spoof / total.spoof,
                static_cast<double>(i) / kBins * (high + high) - high);
  }
  return curve;
}

void refuse_differences(const FrameScores& scores, const LabelledSpans& labels) {
  Complaint unlabelled;
  for (const auto& [name, unused] : scores) {
    if (!labels.contains(name)) unlabelled.add(printable(name, 80));
  }
  Complaint unscored;
  for (const auto& [name, unused] : labels) {
    if (!scores.contains(name)) unscored.add(printable(name, 80));
  }
  if (!unscored.empty()) {
    throw UsageError(fmt::format("{} of {} labelled recordings have no scores: {}",
                                 unscored.count(), labels.size(), unscored.examples()));
  }
  if (!unlabelled.empty()) {
    throw UsageError(fmt::format("{} of {} scored recordings have no labels: {}",
                                 unlabelled.count(), scores.size(), unlabelled.examples()));
  }
}

}  // namespace

LabelledSpans read_rttm(const std::filesystem::path& path) { return read_spans(TextTable(path)); }

LabelledSpans parse_rttm(std::string_view text, const std::string& name) {
  return read_spans(TextTable(text, name));
}

FrameScores parse_frame_scores(std::string_view text, const std::string& name, size_t column) {
  return read_frames(TextTable(text, name), column);
}

LocalisationResult evaluate_localisation(const FrameScores& scores, const LabelledSpans& labels,
                                         const LocalisationOptions& options) {
  if (!(options.frame > 0)) throw UsageError("the length of a frame must be above 0 seconds");
  refuse_differences(scores, labels);
  std::vector<double> bona_fide;
  std::vector<double> spoof;
  std::vector<Piece> pieces;
  for (const auto& [name, spans] : labels) {
    const std::vector<double>& frames = scores.find(name)->second;
    const auto labelled = frame_labels(spans, frames.size(), options.frame, options.official);
    for (size_t i = 0; i < frames.size(); ++i) {
      if (labelled[i] == FrameLabel::kBonaFide) bona_fide.push_back(frames[i]);
      if (labelled[i] == FrameLabel::kSpoof) spoof.push_back(frames[i]);
    }
    cut(frames, spans, options.frame, pieces);
  }
  Durations total;
  for (const Piece& piece : pieces) total.add(piece);
  if (!(total.bona_fide > 0) || !(total.spoof > 0)) {
    throw Error("range EER: both bona fide and spoofed speech are needed");
  }
  const Eer point = det_eer(bona_fide, spoof);
  const Curve range =
      options.official ? official_range_eer(pieces) : exact_range_eer(pieces, total);
  return {scores.size(), bona_fide.size(), spoof.size(), total.bona_fide, total.spoof,
          point.value,   point.threshold,  range.eer,    range.threshold};
}

}  // namespace bonafide
