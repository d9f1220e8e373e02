#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// A stretch of a recording that is bona fide or spoofed throughout.
struct LabelledSpan {
  double start = 0;  // seconds
  double end = 0;
  bool bona_fide = false;
};

// The spans of each recording in the order of the file.
using LabelledSpans = std::map<std::string, std::vector<LabelledSpan>, std::less<>>;

// RTTM as PartialSpoof's tools write it: "SPEAKER recording channel start duration <NA> <NA> label
// <NA> <NA>". Every label but bona fide and its synonyms (trial_class.h) must be one of spoof.
// Throws UsageError naming file and line.
LabelledSpans read_rttm(const std::filesystem::path& path);
LabelledSpans parse_rttm(std::string_view text, const std::string& name);

// Scores of consecutive frames, of equal length, of each recording.
using FrameScores = std::map<std::string, std::vector<double>, std::less<>>;

// Lines "recording frame score", frames counted from 0 without gaps; more columns are passed over.
// `column`: which one has the score of bona fide, from 0. Throws UsageError naming file and line.
FrameScores parse_frame_scores(std::string_view text, const std::string& name, size_t column = 2);

struct LocalisationOptions {
  double frame = 0.02;  // seconds
  // As WeDefense: the range EER by a histogram of 100000 bins, and frames that no span covers with
  // the label of the recording's first span.
  bool official = false;
};

// How well scores tell where speech is spoofed.
struct LocalisationResult {
  size_t recordings = 0;
  size_t bona_fide_frames = 0;
  size_t spoof_frames = 0;
  double bona_fide_seconds = 0;
  double spoof_seconds = 0;
  // Every frame that a span covers is a trial of the label at its place: EER of det.h.
  double point_eer = 0;
  double point_threshold = 0;
  // Durations instead of counts, frames cut at the borders of the spans (Zhang et al., "Range-based
  // equal error rate for spoof localization", Interspeech 2023).
  double range_eer = 0;
  double range_threshold = 0;
};

// The last frame of a recording reaches to the end of its last span; frames beyond are left out.
// Throws UsageError for a recording that only one side has, Error when a class has no time.
LocalisationResult evaluate_localisation(const FrameScores& scores, const LabelledSpans& labels,
                                         const LocalisationOptions& options = {});

}  // namespace bonafide
