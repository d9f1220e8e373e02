#include "train/training_part.h"

#include <fmt/format.h>

#include "base/error.h"
#include "evaluation/task.h"
#include "loading/loading.h"
#include "loading/references.h"

namespace bonafide {

TrainingPart::TrainingPart(const Recipe& recipe, const System& system, const Job& job,
                           const WarnLine& warn)
    : augmentation_(make_training_augmentation(recipe)),
      cache_(open_audio_cache(recipe)),
      trials_(read_part(recipe, "train", task_of(recipe).learns, warn)),
      references_(system.compares() ? sample_references(recipe, "train", trials_, warn) : nullptr),
      loading_(
          loader_options(recipe, job.all(), augmentation_.get(), cache_.get(), references_.get())),
      frontend_(make_training_frontend(recipe)),
      batches_(batches_per_epoch(trials_, loading_)) {
  expect_batches(system);
  if (!system.compares()) note_unused_references(recipe, warn);
}

void TrainingPart::expect_batches(const System& system) const {
  if (batches_ < 1) {
    throw UsageError(fmt::format("data.train: {} recordings do not fill one batch of {}",
                                 trials_.size(),
                                 loading_.batch_size * static_cast<size_t>(loading_.size)));
  }
  // An early cut makes them equal, unless the augmentation changes that.
  const bool cut_alike = loading_.early_crop && augmentation_ == nullptr;
  if (!frontend_->gives_one_size() && !cut_alike && loading_.batch_size > 1 &&
      !system.takes_lengths()) {
    throw UsageError(
        "input.crop: recordings keep their lengths, and this system learns from equal ones alone "
        "(train.batch_size: 1)");
  }
}

double TrainingPart::recordings(int64_t batches) const {
  return static_cast<double>(batches) * static_cast<double>(loading_.batch_size) *
         static_cast<double>(loading_.size);
}

EpochLoader TrainingPart::epoch(int64_t number, int64_t first_batch) const {
  return {trials_, *frontend_, loading_, static_cast<uint64_t>(number), first_batch};
}

}  // namespace bonafide
