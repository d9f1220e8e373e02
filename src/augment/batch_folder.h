#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "audio/waveform.h"
#include "augment/batch.h"
#include "base/json.h"
#include "corpus/parallel.h"
#include "corpus/trial.h"

namespace bonafide {

// The folder of a batch (batch.h) and what is in it, for augmentation and copy synthesis alike.

// The factor that keeps a peak within 16 bits; 1 where it is anyway.
float safe_gain(std::span<const float> samples);

// Writes 16-bit FLAC. Throws Error for a sample that is not finite.
void write_scaled(const std::filesystem::path& path, const Waveform& waveform, float gain);

bool is_there(const std::filesystem::path& path);

// What a message calls a recording.
std::string shown_name(const Trial& trial);

// Makes the folder that the results go into, or takes one that was made with the same settings.
// `settings`: those besides `options`. Throws UsageError, and for a recording that lies in it.
void claim_results(const BatchOptions& options, Json settings, const std::vector<Trial>& trials);

// Removes what was made of other recordings than these under their names (`files_of` lists a
// trial's), and notes what they are now. Throws UsageError for a file that was not made here.
void claim_names(const std::filesystem::path& folder, const std::vector<Trial>& trials,
                 const std::vector<std::string>& names,
                 const std::function<std::vector<std::filesystem::path>(size_t)>& files_of);

// The text as a protocol's field: blanks become "_".
std::string without_blanks(std::string text);

// The trial as that of a file which was made of its recording.
Trial copied_trial(const Trial& original, std::string id, std::filesystem::path path);

// The decoder's losses of each trial, noted by any number of threads.
class Losses {
 public:
  explicit Losses(size_t trials) : of_(trials) {}

  // Decodes the recording of trial number i at the rate given. Throws Error.
  Waveform decode_noting(size_t i, const Trial& trial, int sample_rate);

  // In the trials' order.
  std::vector<std::string> take();

 private:
  std::vector<std::string> of_;
};

// Enters what became of `items` recordings, and takes the losses.
void enter(BatchReport& report, ParallelOutcome outcome, Losses& losses, size_t items);

}  // namespace bonafide
