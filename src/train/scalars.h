#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "train/event_file.h"

namespace bonafide {

// Figures of a run by step and epoch, for whoever watches or draws them later. The names are those
// of the LightCNN reference's Comet journal, "<what>_<mode>": by step (counted from 0)
// batch_loss_train, batch_accuracy_train (running, percent), learning_rate_train,
// steps_per_sec_train; by epoch epoch_loss_train, epoch_accuracy_train, epoch_time_train (seconds)
// and epoch_eer_<part> (percent).
class Scalars {
 public:
  // Writes scalars.jsonl, {"name", "value", "step"} a line, and TensorBoard's event file, both in
  // the run directory. Steps from `keep` on that are there already are dropped (to resume).
  Scalars(const std::filesystem::path& directory, int64_t keep_steps, int64_t keep_epochs);

  void by_step(const std::string& name, double value, int64_t step);
  void by_epoch(const std::string& name, double value, int64_t epoch);
  void flush();

 private:
  void add(const char* axis, const std::string& name, double value, int64_t at);

  std::ofstream lines_;
  EventFile events_;
};

}  // namespace bonafide
