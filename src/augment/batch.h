#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "audio/waveform.h"
#include "augment/augmentation.h"
#include "augment/vocoder.h"
#include "base/json.h"
#include "base/progress.h"
#include "corpus/trial.h"

namespace bonafide {

// Whole lists of recordings, augmented or copied by vocoders into a folder. Each recording's
// numbers depend on the seed and its id alone, so any number of threads makes the same files. What
// exists already is not made again, so that a run that was interrupted goes on; FOLDER/sources.csv
// says what each file was made of, and one made of another recording is made anew. A recording that
// fails is reported and the others go on. Nothing else is written over: a new FOLDER is empty and
// none of the recordings lies in it, or both throw UsageError.

struct BatchReport {
  std::vector<std::string> reasons;  // of what failed
  // One for each recording made now that is damaged or was not read whole: its name and the losses.
  std::vector<std::string> losses;
  size_t made = 0;      // recordings done, now or before
  size_t left_out = 0;  // spoofed ones, which copy synthesis does not copy
  bool interrupted = false;
};

struct BatchOptions {
  std::filesystem::path folder = {};  // made if need be
  int sample_rate = 16000;            // Hz, of what is written
  uint64_t seed = 0;
  size_t threads = 1;
};

// What each step of the work is called for: trial, name of its files (unique, without extension),
// the decoded original and the result.
struct AugmentHooks {
  // Called on worker threads for each new file; may be empty.
  std::function<void(const std::string& name, const Waveform& original, const Waveform& changed)>
      made;
  // Whether all that `made` makes is there; may be empty.
  std::function<bool(const std::string& name)> is_made;
};

// FOLDER/NAME.flac for each trial ("copies" > 1: NAME.1.flac, ...), 16 bits, softer where it would
// clip; FOLDER/manifest.csv with the labels of the originals. `settings` says what `augmentation`
// is; a folder made with other settings is refused (UsageError).
BatchReport augment_batch(const std::vector<Trial>& trials, const Augmentation& augmentation,
                          const Json& settings, size_t copies, const BatchOptions& options,
                          const AugmentHooks& hooks, Progress& progress);

// FOLDER/bonafide/NAME.flac and FOLDER/VOCODER/NAME.flac for each trial that is not spoofed: both
// decoded, resampled, scaled and written alike. One vocoder for each, drawn, or all of them.
// FOLDER/manifest.csv and FOLDER/protocol.txt ("speaker path - vocoder bonafide|spoof").
BatchReport copysynth_batch(const std::vector<Trial>& trials,
                            const std::vector<const Vocoder*>& vocoders, bool all,
                            const BatchOptions& options, Progress& progress);

// A file name for each trial: its recording's stem, blanks as "_", with a number where that is
// taken.
std::vector<std::string> unique_names(const std::vector<Trial>& trials);

}  // namespace bonafide
