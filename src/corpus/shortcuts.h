#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audio/waveform.h"
#include "base/progress.h"
#include "corpus/trial.h"

namespace bonafide {

// What a detector must not live on: properties of a recording that say nothing of the voice.
inline constexpr std::array<std::string_view, 11> kShortcutNames = {
    "duration",         "level (rms)",        "DC offset",   "leading silence",
    "trailing silence", "pause floor",        "exact zeros", "energy 7-8 kHz",
    "energy 4-7 kHz",   "energy below 80 Hz", "crest factor"};
using Shortcuts = std::array<double, kShortcutNames.size()>;

// In seconds, decibels or shares; any monotonous unit does. Needs 16 kHz and a tenth of a second.
Shortcuts measure_shortcuts(const Waveform& waveform);

// Area under the ROC curve of a value that should not tell the classes apart, folded: 0.5 is
// useless, 1 separates perfectly, whichever class has the larger values. NaN when one is empty.
double separation(std::vector<double> bona_fide, std::vector<double> spoof);

// The separation by each shortcut: in all trials together, then in each partition.
struct ShortcutTable {
  static constexpr double kWarning = 0.7;

  std::vector<std::string> partitions;                           // the first is "all"
  std::vector<std::array<double, kShortcutNames.size()>> areas;  // one row per partition
  std::vector<std::string> reasons = {};  // of the recordings that could not be measured
};

// Decodes every trial. Empty when interrupted.
ShortcutTable measure_shortcuts(const std::vector<Trial>& trials, size_t threads,
                                Progress& progress);

}  // namespace bonafide
