#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "journal/event_file.h"

namespace bonafide {

// One figure of a run.
struct Scalar {
  std::string name;
  double value = 0;
  int64_t at = 0;  // step or epoch, from 0
  bool of_epoch = false;
  int64_t time = 0;  // milliseconds since 1970; 0: not known
};

// Figures of a run by step and epoch, for whoever watches or draws them later. The names are those
// of the LightCNN reference's Comet journal, "<what>_<mode>": by step (counted from 0)
// batch_loss_train, batch_accuracy_train (running, percent), learning_rate_train,
// steps_per_sec_train; by epoch epoch_loss_train, epoch_accuracy_train, epoch_time_train (seconds)
// and epoch_eer_<part> (percent). The AASIST framework calls its TensorBoard figures of an epoch
// loss, <part>_eer and best_<part>_eer (percent): they are there too.
class Scalars {
 public:
  // Writes scalars.jsonl, {"name", "value", "step" or "epoch", "time"} a line, and TensorBoard's
  // event file, both in the run directory. Steps from `keep` on that are there already are dropped
  // (to resume).
  Scalars(const std::filesystem::path& directory, int64_t keep_steps, int64_t keep_epochs);

  void by_step(const std::string& name, double value, int64_t step);
  void by_epoch(const std::string& name, double value, int64_t epoch);
  void flush();

  // Also hands every figure to this function.
  void tell(std::function<void(const Scalar&)> listener) { listener_ = std::move(listener); }

  // What scalars.jsonl of a run directory holds; nothing when there is none. Figures that are no
  // numbers are left out.
  static std::vector<Scalar> read(const std::filesystem::path& directory);

 private:
  void add(const std::string& name, double value, int64_t at, bool of_epoch);

  std::ofstream lines_;
  EventFile events_;
  std::function<void(const Scalar&)> listener_;
};

}  // namespace bonafide
