#include "train/trainer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/json_value.h"
#include "train/keeper.h"
#include "train/recipe_check.h"
#include "train/run_files.h"
#include "train/run_record.h"
#include "train/training_epoch.h"
#include "train/training_setup.h"

namespace bonafide {

namespace {

using Clock = std::chrono::steady_clock;

double minutes_since(Clock::time_point start) {
  return std::chrono::duration<double, std::ratio<60>>(Clock::now() - start).count();
}

// Makes or takes up the run directory; nothing but for rank 0.
std::unique_ptr<RunFiles> open_run(TrainingSetup& setup, const std::filesystem::path& directory,
                                   bool resume) {
  const auto changed = setup.take_up(directory, resume);
  if (!setup.job.first()) return nullptr;
  std::filesystem::create_directories(directory);
  remove_abandoned_parts(directory);
  if (!changed.empty()) {
    setup.hooks.warn(fmt::format("goes on with other settings: {}", fmt::join(changed, ", ")));
  }
  write_atomically(directory / "recipe.yaml", setup.recipe.yaml());
  Json sitting = run_record(setup.hooks.command, setup.job.all(),
                            setup.judge.with_recorded_part("train", setup.part.trials()));
  sitting["seed"] = setup.recipe.integer("seed");
  write_run_record(directory / "run.json", std::move(sitting), resume);
  const RunFiles::Position begin = {setup.step_number(), setup.state.epoch};
  return std::make_unique<RunFiles>(directory, setup.recipe, begin, setup.hooks.warn);
}

// One sitting of a training in its directory.
class Run {
 public:
  Run(TrainingSetup& setup, std::filesystem::path directory, bool resume)
      : setup_(setup),
        state_(setup.state),
        directory_(std::move(directory)),
        files_(open_run(setup, directory_, resume)),
        keeper_(setup, directory_, files_.get()) {}

  TrainingResult run();

 private:
  bool train_epochs(TrainingResult& result);
  bool train_epoch(size_t& broken);
  bool finish_epoch(const TrainingEpoch& epoch);
  EpochRecord close_epoch(EpochRecord record);
  bool rest_after_step();
  void warn_of_data(const TrainingEpoch& epoch);
  void save();
  bool out_of_time() const;
  bool out_of_patience() const;

  TrainingSetup& setup_;
  TrainingState& state_;
  const std::filesystem::path directory_;
  const std::unique_ptr<RunFiles> files_;  // of rank 0
  Keeper keeper_;
  bool cache_warned_ = false, loss_warned_ = false;
  const Clock::time_point began_ = Clock::now();
  Clock::time_point saved_ = Clock::now();
};

// Saves when it is time; whether to stop here.
bool Run::rest_after_step() {
  const bool due =
      setup_.job.first() && minutes_since(saved_) >= setup_.recipe.number("train.save_minutes");
  const auto [stop, save_now] = setup_.job.anywhere(interrupted(), due);
  if (save_now && !stop) save();
  return stop;
}

void Run::warn_of_data(const TrainingEpoch& epoch) {
  const auto& broken = epoch.broken();
  const auto& in_part = epoch.read_in_part();
  if (!broken.empty()) {
    setup_.hooks.warn(
        fmt::format("{} recordings left out, the first: {}", broken.size(), broken.front()));
  }
  if (!in_part.empty() && !loss_warned_) {
    setup_.hooks.warn(fmt::format("{} recordings were not read whole, the first: {}",
                                  in_part.size(), in_part.front()));
    loss_warned_ = true;
  }
  const AudioCache* cache = setup_.part.cache();
  if (cache != nullptr && !cache->trouble().empty() && !cache_warned_) {
    setup_.hooks.warn(
        fmt::format("loader.cache: no more recordings are kept: {}", cache->trouble()));
    cache_warned_ = true;
  }
}

// False when interrupted; a resumed run then goes on with the next step, or judges the epoch first.
bool Run::train_epoch(size_t& broken) {
  TrainingEpoch epoch(setup_, files_.get(), [this] { return rest_after_step(); });
  const bool done = epoch.run();
  broken = epoch.broken().size();
  warn_of_data(epoch);
  return done && finish_epoch(epoch);
}

// Judges, keeps the best, writes the files; false when interrupted.
bool Run::finish_epoch(const TrainingEpoch& epoch) {
  EpochRecord record;
  Judged judged;
  {
    const Learner::Averaged averaged(setup_.learner);
    setup_.share_buffers();
    if (!keeper_.judge_epoch(record, judged)) return false;
  }
  record = close_epoch(std::move(record));
  if (files_) {
    std::optional<double> best;
    if (state_.best_epoch >= 0) best = state_.best_eer;
    files_->add(record, epoch.whole() ? epoch.accuracy() : std::nullopt, best, judged.figures);
    if (judged.test) files_->add_test(record.epoch, *judged.test);
  }
  save();  // last: what a crash before this line loses is made again, to the bit
  if (setup_.job.first()) setup_.hooks.epoch_done(record);
  return true;
}

// Fills in what the state says of the epoch, and makes the state that of the next.
EpochRecord Run::close_epoch(EpochRecord record) {
  Learner& learner = setup_.learner;
  record.epoch = state_.epoch;
  record.loss = state_.loss_sum / static_cast<double>(state_.steps);
  record.learning_rate = learner.rate((state_.epoch + 1) * learner.steps_per_epoch() - 1);
  record.seconds = state_.epoch_seconds;
  record.utt_per_s = setup_.part.recordings(state_.batch) / state_.epoch_seconds;
  learner.epoch_done(record.choosing);
  state_.loss_sum = 0;
  state_.batch = 0;
  state_.steps = 0;
  state_.epoch_seconds = 0;
  ++state_.epoch;
  return record;
}

void Run::save() {
  if (files_) files_->flush();
  setup_.save(directory_);
  saved_ = Clock::now();
}

bool Run::out_of_time() const {
  const Json& limit = setup_.recipe.at("train.max_minutes");
  return limit.is_number() && minutes_since(began_) > limit.get<double>();
}

bool Run::out_of_patience() const {
  const Json& patience = setup_.recipe.at("train.patience");
  return patience.is_number() && state_.epoch - 1 - state_.better_epoch >= patience.get<int64_t>();
}

// False when interrupted.
bool Run::train_epochs(TrainingResult& result) {
  const Job& job = setup_.job;
  while (state_.epoch < setup_.learner.epochs() && !job.anywhere(job.first() && out_of_time())) {
    if (out_of_patience()) {
      result.stopped_early = true;
      break;
    }
    if (!train_epoch(result.broken)) {
      save();
      return false;
    }
  }
  return true;
}

TrainingResult Run::run() {
  TrainingResult result;
  result.first = setup_.job.first();
  result.interrupted = !(train_epochs(result) && keeper_.finish(result.averaged_eer));
  if (files_) {
    // At an epoch that is not done, so that a run that goes on drops it.
    if (!result.interrupted && state_.best_epoch >= 0) {
      files_->add_final_best(state_.best_eer, state_.epoch);
    }
    files_->finish();
  }
  result.epochs = state_.epoch;
  result.best_epoch = state_.best_epoch;
  result.best_eer = state_.best_eer;
  result.best_test_tdcf = state_.best_test_tdcf;
  return result;
}

}  // namespace

TrainingResult train(const Recipe& recipe, const std::filesystem::path& directory, bool resume,
                     const TrainingHooks& hooks) {
  check_training_recipe(recipe);
  TrainingSetup setup(recipe, hooks);
  return Run(setup, directory, resume).run();
}

TrainingPlan plan_training(const Recipe& recipe, const std::filesystem::path& directory,
                           bool resume, const TrainingHooks& hooks) {
  check_training_recipe(recipe);
  TrainingSetup setup(recipe, hooks);
  setup.take_up(directory, resume);
  setup.learner.freeze_or_thaw(setup.state.epoch);
  if (recipe.text("train.broken_files") != "skip") {
    expect_recordings(setup.part.trials(), setup.judge.task().learns);
    expect_recordings(setup.judge.trials(), setup.judge.task().judges);
  }
  TrainingPlan plan = {setup.judge.parts(), setup.part.batches()};
  plan.parts.insert(plan.parts.begin(), {"train", setup.part.trials().size()});
  return plan;
}

}  // namespace bonafide
