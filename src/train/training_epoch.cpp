#include "train/training_epoch.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"

namespace bonafide {

TrainingEpoch::TrainingEpoch(TrainingSetup& setup, RunFiles* files, std::function<bool()> rest)
    : setup_(setup),
      state_(setup.state),
      files_(files),
      rest_(std::move(rest)),
      first_batch_(state_.batch),
      loader_(setup.part.epoch(state_.epoch, state_.batch)) {}

bool TrainingEpoch::run() {
  Progress& progress = setup_.job.progress();
  setup_.learner.freeze_or_thaw(state_.epoch);
  progress.start(fmt::format("epoch {}/{}", state_.epoch + 1, setup_.learner.epochs()),
                 static_cast<size_t>(setup_.part.batches()));
  setup_.system->module().train();
  const double before = state_.epoch_seconds;
  bool stop = false;
  while (!stop) {
    const auto batches = next_batches();
    if (batches.empty()) break;
    step(batches);
    state_.batch = loader_.position();
    state_.epoch_seconds = before + seconds();
    show();
    stop = rest_();
  }
  progress.finish();
  if (!stop) expect_steps();
  state_.seconds += seconds();
  return !stop;
}

// The batches of one step: train.accumulate, or what is left of the epoch.
std::vector<Batch> TrainingEpoch::next_batches() {
  std::vector<Batch> batches;
  while (static_cast<int64_t>(batches.size()) < setup_.learner.batches_per_step()) {
    auto batch = loader_.next();
    if (!batch) break;
    batches.push_back(std::move(*batch));
  }
  return batches;
}

void TrainingEpoch::step(const std::vector<Batch>& batches) {
  const auto start = Clock::now();
  const int64_t number = setup_.step_number();
  UpdateResult result;
  try {
    result = setup_.learner.step(batches, number);
  } catch (const Error& e) {
    throw Error(
        fmt::format("epoch {}, batch {}: {}", state_.epoch + 1, state_.batch + 1, e.what()));
  }
  state_.loss_sum += result.loss;
  ++state_.steps;
  right_answers_ += result.accuracy.value_or(0);
  ++steps_;
  classifies_ = result.accuracy.has_value();
  const std::chrono::duration<double> taken = Clock::now() - start;
  if (files_ == nullptr) return;
  files_->add({number, result, accuracy(), setup_.learner.rate(number), taken.count()});
}

void TrainingEpoch::show() const {
  const EpochSelection& selection = setup_.judge.selection();
  const std::string best = state_.best_epoch < 0 ? ""
                                                 : fmt::format(", best {} {}", selection.title,
                                                               selection.text(state_.best_eer));
  const double done = setup_.part.recordings(state_.batch - first_batch_);
  setup_.job.progress().update(
      static_cast<size_t>(state_.batch),
      fmt::format("loss {:.4f}{}, {:.1f} utterances/s",
                  state_.loss_sum / static_cast<double>(state_.steps), best, done / seconds()));
}

void TrainingEpoch::expect_steps() const {
  if (state_.steps > 0) return;
  if (broken().empty()) {
    throw UsageError("train.tuples: this epoch's tuples do not fill one batch");
  }
  throw Error(fmt::format("no batch of this epoch can be read; {}", broken().front()));
}

std::optional<double> TrainingEpoch::accuracy() const {
  if (!classifies_ || steps_ == 0) return std::nullopt;
  return right_answers_ / static_cast<double>(steps_);
}

double TrainingEpoch::seconds() const {
  return std::chrono::duration<double>(Clock::now() - began_).count();
}

}  // namespace bonafide
