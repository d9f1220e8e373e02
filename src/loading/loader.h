#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio/audio_cache.h"
#include "audio/crop.h"
#include "augment/augmentation.h"
#include "base/ordered_pipeline.h"
#include "corpus/reference_sampler.h"
#include "corpus/trial.h"
#include "features/frontend.h"
#include "loading/sampling_weights.h"
#include "loading/speaker_sampler.h"
#include "systems/system.h"

namespace bonafide {

// The order of an epoch.
enum class Sampler {
  kShuffle,            // each utterance once
  kBalanced,           // with replacement, both classes equally often
  kWeighted,           // with replacement, each utterance as often as its weight says
  kShards,             // as WebDataset: each once, archives in their own order (archive_order.h)
  kSpeakers,           // SASV's stage 1: tuples of one speaker, a batch of different speakers
  kSpeakersAndSpoofs,  // SASV's stage 3: such tuples of bona fide utterances, then spoofed ones
};

struct LoaderOptions {
  int sample_rate = 16000;  // Hz
  size_t batch_size = 24;
  size_t threads = 2;
  bool drop_last = true;  // leave out an epoch's last, smaller batch
  Sampler sampler = Sampler::kShuffle;
  std::vector<WeightRule> weights = {};  // of kWeighted
  // Of the last two samplers. speakers_per_batch 0: as many as the batch has room for, or half of
  // that for kSpeakersAndSpoofs. spoof_tuples_per_batch is what the batch leaves, whatever it says.
  SpeakerSamplerOptions tuples = {.speakers_per_batch = 0};
  bool skip_broken = false;  // leave out recordings that cannot be read; else throw
  uint64_t seed = 0;
  const Augmentation* augmentation = nullptr;  // of each waveform before the front end; null: none
  std::optional<Crop> early_crop = {};         // before the augmentation
  Stretch stretch = Stretch::kRandom;  // that a front end gets which looks at one (train.crop)
  const AudioCache* cache = nullptr;   // of decoded recordings; null: decode each time
  // Gives each utterance a reference, and objects to none of them; null: no references.
  const ReferenceSampler* references = nullptr;
  int rank = 0;  // of this process among `size`, which take their rows of every joined batch
  int size = 1;
};

// Batches of one epoch in the sampler's order, each utterance as the front end makes it for
// training. Order and random numbers depend on the seed, the epoch and the utterance, never on the
// number of threads. A tuple's utterances are neighbours in the batch; where one of them is left
// out, all are. Each thread runs LibTorch's
// operations by itself alone.
class EpochLoader {
 public:
  // Begins with batch number `first_batch` (to resume within an epoch).
  EpochLoader(const std::vector<Trial>& trials, const Frontend& frontend,
              const LoaderOptions& options, uint64_t epoch, int64_t first_batch = 0);

  // The next batch, float32 on the CPU; nothing after the last. Throws Error for a recording that
  // cannot be read, unless they are skipped.
  std::optional<Batch> next();

  // One line for each recording left out so far.
  const std::vector<std::string>& broken() const { return broken_; }
  // One line for each recording so far of which less was read than lies there, as far as it was
  // looked at (Recording::losses).
  const std::vector<std::string>& read_in_part() const { return read_in_part_; }
  // The number of the batch that comes next, also counting those of which nothing could be read:
  // where an epoch goes on after what next() has given.
  int64_t position() const { return batches_ - static_cast<int64_t>(sizes_.size()); }

 private:
  struct Item {
    NetworkInput input, reference;
    size_t trial;
    std::string trouble;
    std::string loss;  // what was not read of it
  };
  // An utterance of the epoch, and its place in the joined order of all processes.
  struct Place {
    size_t trial;
    size_t index;
  };
  Item load(const Place& place, uint64_t epoch) const;
  // The next so many, without those that are left out.
  std::vector<Item> readable(size_t wanted);
  NetworkInput prepared(const AudioLocation& location, uint64_t epoch, uint64_t utterance,
                        std::string& loss) const;
  Waveform read(const AudioLocation& location, const std::optional<StretchChoice>& choice,
                std::string& loss) const;
  StretchChoice choose(Stretch which, size_t samples, uint64_t random_stream) const;
  size_t tuple_width() const;
  Batch batch_of(std::vector<Item> items) const;
  bool repeats() const;  // an epoch may have an utterance more than once

  const std::vector<Trial>& trials_;
  const std::vector<int64_t> speakers_;
  const Frontend& frontend_;
  LoaderOptions options_;
  std::vector<Place> places_;
  std::vector<std::string> broken_, read_in_part_;
  std::vector<size_t> sizes_;  // of the batches not yet asked for, last first
  int64_t batches_ = 0;        // of the whole epoch
  std::unique_ptr<OrderedPipeline<Item>> pipeline_;
};

// Batches in an epoch, of each process. An epoch of tuples may have fewer, as clashes of speakers
// fall. Throws UsageError for tuples that do not fit into the batch, for weights that fit no
// trial, and for recordings that would be read far too slowly: those of compressed archives, in any
// order but that of kShards, or with references, which are drawn from anywhere.
int64_t batches_per_epoch(const std::vector<Trial>& trials, const LoaderOptions& options);

}  // namespace bonafide
