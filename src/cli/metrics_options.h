#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bonafide {

inline constexpr double kFrameSeconds = 0.02;
inline constexpr size_t kScoreColumn = 3;

// What a person typed after `bonafide metrics`.
struct MetricsOptions {
  std::string scores;
  std::string key;
  std::string compare;
  std::string asv_scores;
  std::string asv_key;
  std::string corpus;
  std::string subset;
  std::vector<std::string> where;  // FACTOR=VALUE[,VALUE...]
  std::string target_only;         // ASV protocol
  std::vector<std::string> by;
  bool cross = true;     // two factors of `by` are crossed as well
  bool repeats = false;  // a trial may stand twice in the score file
  std::string eer;       // empty: the usual one of the trials
  std::optional<double> threshold;
  bool official = false;
  bool partial = false;
  int bonafide_label = -1;
  size_t resamples = 0;
  std::optional<std::string> resampling;  // plain
  std::optional<uint64_t> seed;           // 0
  std::string rttm;
  std::optional<double> frame;         // kFrameSeconds
  std::optional<size_t> score_column;  // kScoreColumn
  std::string json;
  std::string plots;
  std::string tables;
  std::string report;
  std::string command_line;
  std::string started;  // time, UTC
};

}  // namespace bonafide
