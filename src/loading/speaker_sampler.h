#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// Utterances of one speaker that enter a batch side by side: indices into the list they came from.
using Tuple = std::vector<int64_t>;

// The order of an epoch in the training of speaker embeddings (SASV2_Baseline, DatasetLoader.py of
// stages 1 and 3). Permutations are torch.randperm's with a generator on the CPU, so that the same
// seed gives the published code's order to the last index.
struct SpeakerSamplerOptions {
  int64_t utterances_per_speaker = 2;        // of a tuple
  int64_t speakers_per_batch = 100;          // tuples of a batch, each of another speaker
  int64_t max_utterances_per_speaker = 600;  // of an epoch, rounded down to whole tuples
  int64_t spoof_tuples_per_batch = 0;        // after them, of speaker_and_spoof_tuples
  // The published code's oversight, for comparison: a speaker who lacks one of the classes shifts
  // the list of tuples by those of the speaker before. Costs the last speakers some utterances.
  bool repeat_stale_pairs = false;
};

// Stage 1: batches of `speakers_per_batch` tuples of different speakers, one batch after another;
// what does not fill a batch is left out. A tuple of one utterance may meet its own speaker.
// `speakers` numbers the speaker of each utterance. Throws UsageError for options below 1.
std::vector<Tuple> speaker_tuples(std::span<const int64_t> speakers,
                                  const SpeakerSamplerOptions& options, uint64_t seed);

// Stage 3: each batch is `speakers_per_batch` bona fide tuples of different speakers, then
// `spoof_tuples_per_batch` spoofed ones, each of one speaker and any attacks. The class that runs
// out first ends the epoch. As in the published code, the epoch is cut to a multiple of
// `speakers_per_batch` tuples, which may leave its last batch incomplete. `spoof` is true for
// spoofed utterances. Throws UsageError for options below 1 and lists of different lengths.
std::vector<Tuple> speaker_and_spoof_tuples(std::span<const int64_t> speakers,
                                            const std::vector<bool>& spoof,
                                            const SpeakerSamplerOptions& options, uint64_t seed);

// Numbers speakers in the order of their names, as the published code does. Throws UsageError for a
// trial without a speaker.
std::vector<int64_t> number_speakers(const std::vector<Trial>& trials);

}  // namespace bonafide
