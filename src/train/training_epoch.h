#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "loading/loader.h"
#include "train/run_files.h"
#include "train/training_setup.h"

namespace bonafide {

// The steps of one epoch, or of what is left of it.
class TrainingEpoch {
 public:
  // `files`: null but for rank 0. `rest`: called after each step; whether to stop there.
  TrainingEpoch(TrainingSetup& setup, RunFiles* files, std::function<bool()> rest);

  // False when interrupted. Throws Error when the loss stops being a number, and when not a single
  // batch can be read.
  bool run();

  // Percent, over the steps taken here; nothing when the loss does not classify.
  std::optional<double> accuracy() const;
  bool whole() const { return steps_ == setup_.learner.steps_per_epoch(); }

  // One line for each recording left out, and for each that was not read whole.
  const std::vector<std::string>& broken() const { return loader_.broken(); }
  const std::vector<std::string>& read_in_part() const { return loader_.read_in_part(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::vector<Batch> next_batches();
  void step(const std::vector<Batch>& batches);
  void show() const;
  void expect_steps() const;
  double seconds() const;

  TrainingSetup& setup_;
  TrainingState& state_;
  RunFiles* const files_;
  const std::function<bool()> rest_;
  const int64_t first_batch_;
  const Clock::time_point began_ = Clock::now();
  EpochLoader loader_;
  double right_answers_ = 0;  // percent, summed over the steps
  bool classifies_ = false;   // the loss counts right answers
  int64_t steps_ = 0;
};

}  // namespace bonafide
