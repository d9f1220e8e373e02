#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "audio/audio_cache.h"
#include "augment/augmentation.h"
#include "corpus/reference_sampler.h"
#include "corpus/trial.h"
#include "evaluation/parts.h"
#include "features/frontend.h"
#include "loading/loader.h"
#include "recipe/recipe.h"
#include "systems/system.h"
#include "train/job.h"

namespace bonafide {

// The recordings that a run learns from, and how its batches are made of them.
class TrainingPart {
 public:
  // Reads the part. Throws UsageError, also for data of which the system cannot be given a batch.
  TrainingPart(const Recipe& recipe, const System& system, const Job& job, const WarnLine& warn);

  const std::vector<Trial>& trials() const { return trials_; }
  const Frontend& frontend() const { return *frontend_; }
  const AudioCache* cache() const { return cache_.get(); }  // null: none
  uint64_t seed() const { return loading_.seed; }
  int64_t batches() const { return batches_; }  // of an epoch, of each process
  // Recordings of as many batches, of all processes together.
  double recordings(int64_t batches) const;

  // What is left of an epoch from batch number `first_batch` on.
  EpochLoader epoch(int64_t number, int64_t first_batch = 0) const;

 private:
  void expect_batches(const System& system) const;

  const std::unique_ptr<Augmentation> augmentation_;
  const std::unique_ptr<AudioCache> cache_;
  std::vector<Trial> trials_;
  const std::unique_ptr<ReferenceSampler> references_;  // null for systems that do not compare
  const LoaderOptions loading_;
  const std::unique_ptr<Frontend> frontend_;
  const int64_t batches_;
};

}  // namespace bonafide
