#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "augment/augmentation.h"
#include "base/ordered_pipeline.h"
#include "corpus/trial.h"
#include "features/frontend.h"
#include "systems/system.h"

namespace bonafide {

struct LoaderOptions {
  int sample_rate = 16000;  // Hz
  size_t batch_size = 24;
  size_t threads = 2;
  bool drop_last = true;     // leave out an epoch's last, smaller batch
  bool balanced = false;     // draw with replacement, both classes equally often; else shuffle
  bool skip_broken = false;  // leave out recordings that cannot be read; else throw
  uint64_t seed = 0;
  const Augmentation* augmentation = nullptr;  // of each waveform before the front end; null: none
  int rank = 0;  // of this process among `size`, which take their rows of every joined batch
  int size = 1;
};

// Shuffled batches of one epoch, each utterance as the front end makes it for training. Order and
// random numbers depend on the seed, the epoch and the utterance, never on the number of threads.
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

 private:
  struct Item {
    NetworkInput input;
    Label label;
    std::string trouble;
  };
  // An utterance of the epoch, and its place in the joined order of all processes.
  struct Place {
    const Trial* trial;
    size_t index;
  };
  Item load(const Place& place, uint64_t epoch) const;

  const Frontend& frontend_;
  LoaderOptions options_;
  std::vector<Place> places_;
  std::vector<std::string> broken_;
  std::vector<size_t> sizes_;  // of the batches not yet asked for, last first
  std::unique_ptr<OrderedPipeline<Item>> pipeline_;
};

// Batches in an epoch, of each process.
int64_t batches_per_epoch(size_t trials, const LoaderOptions& options);

}  // namespace bonafide
