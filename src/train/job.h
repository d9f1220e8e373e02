#pragma once

#include <torch/types.h>

#include <memory>
#include <utility>

#include "base/progress.h"
#include "processes/communicator.h"
#include "recipe/recipe.h"

namespace bonafide {

// This process of a training: where it computes, and the others that compute with it.
class Job {
 public:
  // Joins the others. `shown` is the progress of rank 0. Throws UsageError, and Error when the
  // others do not come.
  Job(const Recipe& recipe, Progress& shown);

  const Place& place() const { return place_; }
  torch::Device device() const { return device_; }
  Communicator& all() const { return *all_; }
  bool first() const { return all_->first(); }
  Progress& progress() { return progress_; }

  // Whether something is so in one process at least; two questions for one journey.
  std::pair<bool, bool> anywhere(bool first, bool second) const;
  bool anywhere(bool question) const { return anywhere(question, false).first; }

 private:
  const Place place_;
  const torch::Device device_;
  const std::unique_ptr<Communicator> all_;
  NoProgress silent_;
  Progress& progress_;
};

}  // namespace bonafide
