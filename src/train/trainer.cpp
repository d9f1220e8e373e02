#include "train/trainer.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <functional>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/random.h"
#include "base/text.h"
#include "evaluation/parts.h"
#include "nn/batch_norm.h"
#include "tensor/device.h"
#include "train/average.h"
#include "train/communicator.h"
#include "train/judge.h"
#include "train/left_out.h"
#include "train/loader.h"
#include "train/loading.h"
#include "train/optimizer.h"
#include "train/parameter_names.h"
#include "train/precision.h"
#include "train/recipe_check.h"
#include "train/references.h"
#include "train/run_files.h"
#include "train/run_record.h"
#include "train/schedule.h"
#include "train/start.h"
#include "train/training_state.h"
#include "train/update.h"

namespace bonafide {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

UpdateOptions update_options(const Recipe& recipe, torch::Device device) {
  UpdateOptions options;
  options.precision = parse_precision(recipe.text("compute.precision"), device);
  const Json& clip = recipe.at("train.clip_norm");
  if (clip.is_number()) options.clip_norm = clip.get<double>();
  return options;
}

// The figures of an epoch: of the part that chooses, if one does, and of the test data where the
// epoch is the best and they choose too.
struct Judged {
  std::optional<PartFigures> figures, test;
};

class Trainer {
 public:
  Trainer(const Recipe& recipe, std::filesystem::path directory, const TrainingHooks& hooks);
  ~Trainer() { synchronize_batch_norm({}); }

  TrainingResult run(bool resume);
  TrainingPlan plan(bool resume);

 private:
  bool train_epoch();
  void step(const std::vector<Batch>& batches);
  std::vector<Batch> next_batches(EpochLoader& loader);
  bool rest_after_step();
  bool finish_epoch();
  void share_buffers();
  bool judge(EpochRecord& record, Judged& judged);
  void keep(const EpochRecord& record, const std::optional<PartFigures>& test);
  bool is_best(double figure) const;
  void keep_best_on_eval(double figure, const PartFigures& test,
                         const std::function<bool(double, double)>& better);
  bool finish_average(TrainingResult& result);
  std::optional<PartFigures> validate(const std::string& what);
  bool calibrate(const std::string& name);
  void freeze_or_thaw();
  void save();
  void write(const std::string& name, double figure, const Json& more = Json::object());
  std::vector<std::string> take_up(bool resume);
  void begin(bool resume);
  void expect_the_same_everywhere();
  bool out_of_time() const;
  bool out_of_patience() const;
  std::pair<bool, bool> anywhere(bool first, bool second);

  // Percent, over the steps of this sitting's epoch; nothing when the loss does not classify.
  std::optional<double> accuracy() const {
    if (!classifies_ || epoch_steps_ == 0) return std::nullopt;
    return right_answers_ / static_cast<double>(epoch_steps_);
  }
  // Steps that are done; an epoch's last one may have fewer batches than the others.
  int64_t step_number() const { return state_.epoch * steps_per_epoch_ + state_.steps; }
  TrainingParts parts() {
    return {*system_, optimizer_, *schedule_, update_->scaler(), average_, moving_};
  }

  const Recipe& recipe_;
  const std::filesystem::path directory_;
  const TrainingHooks& hooks_;
  const Place place_ = place_from_environment();
  const torch::Device device_;
  const std::unique_ptr<Communicator> all_;
  NoProgress no_progress_;
  Progress& progress_;  // only rank 0 shows any
  const std::unique_ptr<Augmentation> augmentation_;
  const std::unique_ptr<AudioCache> cache_;
  const std::unique_ptr<System> system_;
  std::vector<Trial> trials_;
  const std::unique_ptr<ReferenceSampler> references_;  // null for systems that do not compare
  const LoaderOptions loading_;
  const std::unique_ptr<Frontend> frontend_;
  const int64_t epochs_, accumulate_, batches_per_epoch_, steps_per_epoch_;
  const bool last_of_equals_;
  std::unique_ptr<Schedule> schedule_;
  Judge judge_;
  Optimizer optimizer_;
  std::unique_ptr<Update> update_;
  std::unique_ptr<RunFiles> files_;  // of rank 0
  WeightAverage average_, moving_;
  const double moving_share_;  // of each step in the moving average; 0: none is kept
  TrainingState state_;
  double right_answers_ = 0;  // percent, summed over the steps of this sitting's epoch
  bool classifies_ = false;   // the loss counts right answers
  int64_t epoch_steps_ = 0;
  size_t broken_ = 0;
  bool cache_warned_ = false, loss_warned_ = false;
  Clock::time_point began_ = Clock::now();
  Clock::time_point saved_ = Clock::now();
};

std::unique_ptr<System> seeded_system(const Recipe& recipe, const SystemTable& systems,
                                      const Place& place, torch::Device device) {
  set_threads(threads_of(recipe.integer("compute.threads"), place));
  set_gpu_arithmetic(recipe.flag("compute.tf32"), recipe.flag("train.deterministic"));
  torch::manual_seed(static_cast<uint64_t>(recipe.integer("seed")));
  auto system = make_system(recipe.json(), systems);
  if (system->module().parameters().empty()) {
    throw UsageError(
        fmt::format("system \"{}\" is not trained here", printable(recipe.text("system"))));
  }
  system->module().to(device);
  return system;
}

Trainer::Trainer(const Recipe& recipe, std::filesystem::path directory, const TrainingHooks& hooks)
    : recipe_(recipe),
      directory_(std::move(directory)),
      hooks_(hooks),
      device_(find_device(device_of(recipe.text("compute.device"), place_))),
      all_(join(place_, device_)),
      progress_(all_->first() ? hooks.progress : no_progress_),
      augmentation_(augmentation_of(recipe)),
      cache_(cache_of(recipe)),
      system_(seeded_system(recipe, hooks.systems, place_, device_)),
      trials_(
          read_part(recipe, "train", task_of(recipe).learns, all_->first() ? hooks.warn : nullptr)),
      references_(system_->compares() ? sample_references(recipe, "train", trials_,
                                                          all_->first() ? hooks.warn : nullptr)
                                      : nullptr),
      loading_(loader_options(recipe, *all_, augmentation_.get(), cache_.get(), references_.get())),
      frontend_(frontend_of(recipe)),
      epochs_(recipe.integer("train.epochs")),
      accumulate_(recipe.integer("train.accumulate")),
      batches_per_epoch_(batches_per_epoch(trials_, loading_)),
      steps_per_epoch_((batches_per_epoch_ + accumulate_ - 1) / accumulate_),
      last_of_equals_(recipe.text("train.ties") == "last"),
      schedule_(make_schedule(recipe.at("schedule"), recipe.number("optimizer.lr"),
                              {epochs_, steps_per_epoch_})),
      judge_(recipe, *system_, *frontend_, device_, cache_.get(), *all_, progress_, hooks.warn),
      optimizer_(recipe.at("optimizer"), system_->module()),
      moving_share_(recipe.at("train.ema").is_null() ? 0 : 1 - recipe.number("train.ema")) {
  if (steps_per_epoch_ < 1) {
    throw UsageError(fmt::format("data.train: {} recordings do not fill one batch of {}",
                                 trials_.size(),
                                 loading_.batch_size * static_cast<size_t>(loading_.size)));
  }
  // An early cut makes them equal, unless the augmentation changes that.
  const bool cut_alike = loading_.early_crop && augmentation_ == nullptr;
  if (!frontend_->gives_one_size() && !cut_alike && loading_.batch_size > 1 &&
      !system_->takes_lengths()) {
    throw UsageError(
        "input.crop: recordings keep their lengths, and this system learns from equal ones alone "
        "(train.batch_size: 1)");
  }
  if (all_->size() > 1) {
    // The same weights everywhere; from here on each process draws random numbers of its own.
    torch::manual_seed(loading_.seed + static_cast<uint64_t>(all_->rank()));
    if (recipe.flag("compute.sync_batch_norm")) {
      synchronize_batch_norm([this](torch::Tensor& tensor) { all_->sum(tensor); });
    }
  }
  state_.best_eer = recipe.number("train.best_eer");
  update_ = std::make_unique<Update>(*system_, optimizer_, *all_, update_options(recipe, device_));
}

// Whether something is so in one process at least; two questions for one journey.
std::pair<bool, bool> Trainer::anywhere(bool first, bool second) {
  if (all_->size() == 1) return {first, second};
  auto votes = torch::tensor({first ? 1.0F : 0.0F, second ? 1.0F : 0.0F}).to(device_);
  all_->sum(votes);
  votes = votes.cpu();
  return {votes[0].item<float>() > 0, votes[1].item<float>() > 0};
}

// The parameters of train.freeze do not learn before epoch train.unfreeze_epoch.
void Trainer::freeze_or_thaw() {
  const auto patterns = read_patterns(recipe_.at("train.freeze"), "train.freeze");
  if (patterns.empty()) return;
  const Json& thaw = recipe_.at("train.unfreeze_epoch");
  const bool learn = thaw.is_number() && state_.epoch >= thaw.get<int64_t>();
  set_learning(system_->module(), patterns, learn, "train.freeze");
  update_->parameters_changed();
}

void Trainer::step(const std::vector<Batch>& batches) {
  const auto start = Clock::now();
  const int64_t number = step_number();
  Random random(loading_.seed, scatter(static_cast<uint64_t>(number)));
  std::vector<Batch> here;
  for (const Batch& batch : batches) here.push_back(batch.to(device_, torch::kFloat32));
  const TrainingClock clock = {number,
                               static_cast<double>(number) / static_cast<double>(steps_per_epoch_)};
  const double rate = schedule_->at(number);
  UpdateResult result;
  try {
    result = update_->run(here, rate, clock, random);
  } catch (const Error& e) {
    throw Error(
        fmt::format("epoch {}, batch {}: {}", state_.epoch + 1, state_.batch + 1, e.what()));
  }
  if (moving_share_ > 0) moving_.add(system_->module(), moving_share_);
  state_.loss_sum += result.loss;
  ++state_.steps;
  right_answers_ += result.accuracy.value_or(0);
  ++epoch_steps_;
  classifies_ = result.accuracy.has_value();
  if (files_) files_->add({number, result, accuracy(), rate, seconds_since(start)});
}

// The batches of one step: train.accumulate, or what is left of the epoch.
std::vector<Batch> Trainer::next_batches(EpochLoader& loader) {
  std::vector<Batch> batches;
  while (static_cast<int64_t>(batches.size()) < accumulate_) {
    auto batch = loader.next();
    if (!batch) break;
    batches.push_back(std::move(*batch));
  }
  return batches;
}

// Saves when it is time; whether to stop here.
bool Trainer::rest_after_step() {
  const double minutes = recipe_.number("train.save_minutes");
  const bool due = all_->first() && seconds_since(saved_) >= 60 * minutes;
  const auto [stop, save_now] = anywhere(interrupted(), due);
  if (save_now && !stop) save();
  return stop;
}

// The rest of the epoch; false when interrupted.
bool Trainer::train_epoch() {
  const auto start = Clock::now();
  freeze_or_thaw();
  right_answers_ = 0;
  epoch_steps_ = 0;
  EpochLoader loader(trials_, *frontend_, loading_, static_cast<uint64_t>(state_.epoch),
                     state_.batch);
  progress_.start(fmt::format("epoch {}/{}", state_.epoch + 1, epochs_),
                  static_cast<size_t>(batches_per_epoch_));
  system_->module().train();
  const int64_t begun = state_.batch;
  const double before = state_.epoch_seconds;
  bool stop = false;
  while (!stop) {
    const auto batches = next_batches(loader);
    if (batches.empty()) break;
    step(batches);
    state_.batch = loader.position();
    state_.epoch_seconds = before + seconds_since(start);
    const double done = static_cast<double>((state_.batch - begun) * loading_.size) *
                        static_cast<double>(loading_.batch_size);
    progress_.update(
        static_cast<size_t>(state_.batch),
        fmt::format("loss {:.4f}{}, {:.1f} utterances/s",
                    state_.loss_sum / static_cast<double>(state_.steps),
                    state_.best_epoch < 0 ? ""
                                          : ", best " + judge_.selection().title + " " +
                                                judge_.selection().text(state_.best_eer),
                    done / seconds_since(start)));
    stop = rest_after_step();
  }
  progress_.finish();
  if (!stop && state_.steps == 0) {
    if (!loader.broken().empty()) {
      throw Error(fmt::format("no batch of this epoch can be read; {}", loader.broken().front()));
    }
    throw UsageError("train.tuples: this epoch's tuples do not fill one batch");
  }
  broken_ = loader.broken().size();
  if (broken_ > 0) {
    hooks_.warn(
        fmt::format("{} recordings left out, the first: {}", broken_, loader.broken().front()));
  }
  if (!loader.read_in_part().empty() && !loss_warned_) {
    hooks_.warn(fmt::format("{} recordings were not read whole, the first: {}",
                            loader.read_in_part().size(), loader.read_in_part().front()));
    loss_warned_ = true;
  }
  if (cache_ && !cache_->trouble().empty() && !cache_warned_) {
    hooks_.warn(fmt::format("loader.cache: no more recordings are kept: {}", cache_->trouble()));
    cache_warned_ = true;
  }
  state_.seconds += seconds_since(start);
  return !stop;
}

// The figures of the system as it stands; nothing when interrupted. `what` names it: "epoch_001".
std::optional<PartFigures> Trainer::validate(const std::string& what) {
  return judge_.figures(directory_ / "scores" / (what + ".csv"));
}

// Whether an epoch is the best so far.
bool Trainer::is_best(double figure) const {
  if (figure != state_.best_eer) return figure < state_.best_eer;
  return last_of_equals_ || state_.best_epoch < 0;
}

// Writes the weights that were validated: always "last", and "best" when they are. `test`: the eval
// part's figures, of a best epoch with train.best_on_eval.
void Trainer::keep(const EpochRecord& record, const std::optional<PartFigures>& test) {
  if (record.eer && record.choosing < state_.best_eer) state_.better_epoch = state_.epoch;
  if (record.best) {
    state_.best_eer = record.choosing;
    state_.best_epoch = state_.epoch;
    if (recipe_.flag("train.average")) average_.add(system_->module());
    write("best", record.choosing);
  }
  if (test) keep_best_on_eval(record.choosing, *test, std::less<>());
  write("last", record.choosing);
}

// Writes "best_on_eval" when its min t-DCF is `better` than the one before.
void Trainer::keep_best_on_eval(double figure, const PartFigures& test,
                                const std::function<bool(double, double)>& better) {
  if (!test.min_tdcf) return;  // too few distinct scores
  if (state_.best_test_tdcf && !better(*test.min_tdcf, *state_.best_test_tdcf)) return;
  state_.best_test_tdcf = test.min_tdcf;
  write("best_on_eval", figure,
        {{"also_selected_on", "eval"},
         {"eval_eer_percent", test.eer},
         {"eval_min_tdcf", *test.min_tdcf}});
}

// The statistics of rank 0's batch norms, which are those that are saved, in every process. Where
// batch norm is synchronised they are the same anyway.
void Trainer::share_buffers() {
  if (all_->size() == 1) return;
  for (torch::Tensor& buffer : system_->module().buffers()) all_->broadcast(buffer);
}

// Judges the system by the part that chooses, if one does, and keeps its weights; false when
// interrupted.
bool Trainer::judge(EpochRecord& record, Judged& judged) {
  if (judge_.selection().chooses()) {
    judged.figures = validate(fmt::format("epoch_{:03}", state_.epoch + 1));
    if (!judged.figures) return false;
    record.eer = judged.figures->eer;
    record.figures = judged.figures->verification;
    record.choosing = judged.figures->choosing;
    record.best = is_best(record.choosing);
    if (record.best && judge_.tests()) {
      judged.test = judge_.test_figures();
      if (!judged.test) return false;
    }
  }
  keep(record, judged.test);
  return true;
}

// Validates, keeps the best, writes the files; false when interrupted (the epoch is then done but
// not yet validated, and a resumed run validates first).
bool Trainer::finish_epoch() {
  EpochRecord record;
  // With a moving average it is the average that is judged and kept.
  WeightAverage live;
  if (moving_share_ > 0) {
    live.add(system_->module());
    moving_.write_to(system_->module());
  }
  share_buffers();
  Judged judged;
  const bool done = judge(record, judged);
  if (moving_share_ > 0) live.write_to(system_->module());
  if (!done) return false;

  const double batches = static_cast<double>(state_.batch);
  record.epoch = state_.epoch;
  record.loss = state_.loss_sum / static_cast<double>(state_.steps);
  record.learning_rate = schedule_->at((state_.epoch + 1) * steps_per_epoch_ - 1);
  record.seconds = state_.epoch_seconds;
  record.utt_per_s = batches * static_cast<double>(loading_.batch_size) *
                     static_cast<double>(loading_.size) / state_.epoch_seconds;
  schedule_->epoch_done(record.choosing);
  state_.loss_sum = 0;
  state_.batch = 0;
  state_.steps = 0;
  state_.epoch_seconds = 0;
  ++state_.epoch;
  if (files_) {
    std::optional<double> best;
    if (state_.best_epoch >= 0) best = state_.best_eer;
    const bool whole_epoch = epoch_steps_ == steps_per_epoch_;
    files_->add(record, whole_epoch ? accuracy() : std::nullopt, best, judged.figures);
    if (judged.test) files_->add_test(record.epoch, *judged.test);
  }
  save();  // last: what a crash before this line loses is made again, to the bit
  if (all_->first()) hooks_.epoch_done(record);
  return true;
}

// The average of the best epochs; false when interrupted.
bool Trainer::finish_average(TrainingResult& result) {
  if (!recipe_.flag("train.average") || average_.count() == 0) return true;
  average_.write_to(system_->module());
  EpochLoader loader(trials_, *frontend_, loading_, static_cast<uint64_t>(epochs_));
  size_t batches = 0;
  bool stop = false;
  progress_.start("batch norm of the average", static_cast<size_t>(batches_per_epoch_));
  update_batch_norm(*system_, [&]() -> std::optional<Batch> {
    progress_.update(batches++, "");
    stop = anywhere(interrupted(), false).first;
    if (stop) return std::nullopt;
    auto batch = loader.next();
    return batch ? std::optional(batch->to(device_, torch::kFloat32)) : std::nullopt;
  });
  progress_.finish();
  if (stop) return false;
  share_buffers();
  const auto figures = validate("average");
  if (!figures) return false;
  if (judge_.tests()) {
    const auto test = judge_.test_figures();
    if (!test) return false;
    keep_best_on_eval(figures->choosing, *test, std::less_equal<>());
  }
  result.averaged_eer = figures->choosing;
  write("averaged", figures->choosing);
  return true;
}

void Trainer::save() {
  if (files_) files_->flush();
  save_training(directory_ / "state.safetensors", state_, parts(), *all_);
  saved_ = Clock::now();
}

bool Trainer::calibrate(const std::string& name) {
  return judge_.calibrate(directory_ / (name + ".safetensors"));
}

// `figure`: the selection's; `more` goes into the card, too.
void Trainer::write(const std::string& name, double figure, const Json& more) {
  if (!files_) return;
  const EpochSelection& selection = judge_.selection();
  Json card = {{"train_recordings", trials_.size()},
               {"selection_recordings", judge_.trials().size()},
               {"calibration_recordings", judge_.calibration_trials()},
               {"epoch", state_.epoch}};
  if (selection.chooses()) {
    card[selection.part + "_" + selection.figure + (selection.rate ? "_percent" : "")] = figure;
  }
  card.update(more);
  files_->write_model(name, *system_, std::move(card), state_.base);
}

bool Trainer::out_of_time() const {
  const Json& limit = recipe_.at("train.max_minutes");
  return limit.is_number() && seconds_since(began_) > 60.0 * limit.get<double>();
}

bool Trainer::out_of_patience() const {
  const Json& patience = recipe_.at("train.patience");
  return patience.is_number() && state_.epoch - 1 - state_.better_epoch >= patience.get<int64_t>();
}

// Processes that train on other data, or otherwise, would wait for each other or spoil the run.
void Trainer::expect_the_same_everywhere() {
  if (all_->size() == 1) return;
  std::string mine = fingerprint(trials_) + fingerprint(judge_.trials());
  for (const char* section : {"system", "model", "input", "loss", "reference", "augment", "train",
                              "optimizer", "schedule"}) {
    mine += recipe_.at(section).dump();
  }
  expect_same(*all_, sha256(std::as_bytes(std::span(mine))), "train: the data and the recipe");
}

// Takes the state that the run directory holds, or the weights that a new run begins with. Returns
// the settings that a run goes on with and did not begin with.
std::vector<std::string> Trainer::take_up(bool resume) {
  const auto changed = resume ? changed_settings(directory_, recipe_) : std::vector<std::string>();
  const auto state_path = directory_ / "state.safetensors";
  if (resume) {
    state_ = load_training(state_path, parts(), *all_);
    expect_still_frozen(recipe_, state_.base);
    if (state_.steps < 0) state_.steps = (state_.batch + accumulate_ - 1) / accumulate_;
  } else if (std::filesystem::exists(state_path)) {
    throw UsageError(fmt::format("{}: holds a training run already; --resume goes on with it",
                                 printable(directory_.string())));
  } else {
    expect_no_models(directory_);
    const Begun begun = start_from(read_starts(recipe_.at("init")), system_->module());
    for (const std::string& line : begun.lines) {
      if (all_->first()) hooks_.warn(line);
    }
    state_.base = left_out(recipe_, system_->module(), begun.origins);
    for (WeightAverage* mean : {&average_, &moving_}) mean->leave_out(state_.base);
  }
  return changed;
}

// Makes or takes up the run directory.
void Trainer::begin(bool resume) {
  expect_the_same_everywhere();
  const auto changed = take_up(resume);
  if (!all_->first()) return;
  std::filesystem::create_directories(directory_);
  remove_abandoned_parts(directory_);
  if (!changed.empty()) {
    hooks_.warn(fmt::format("goes on with other settings: {}", fmt::join(changed, ", ")));
  }
  write_atomically(directory_ / "recipe.yaml", recipe_.yaml());
  Json sitting = run_record(hooks_.command, *all_, judge_.with_recorded_part("train", trials_));
  sitting["seed"] = recipe_.integer("seed");
  write_run_record(directory_ / "run.json", std::move(sitting), resume);
  files_ = std::make_unique<RunFiles>(directory_, recipe_,
                                      RunFiles::Position{step_number(), state_.epoch}, hooks_.warn);
}

TrainingPlan Trainer::plan(bool resume) {
  take_up(resume);
  freeze_or_thaw();
  if (recipe_.text("train.broken_files") != "skip") {
    expect_recordings(trials_, judge_.task().learns);
    expect_recordings(judge_.trials(), judge_.task().judges);
  }
  TrainingPlan plan = {judge_.parts(), batches_per_epoch_};
  plan.parts.insert(plan.parts.begin(), {"train", trials_.size()});
  return plan;
}

TrainingResult Trainer::run(bool resume) {
  begin(resume);
  TrainingResult result;
  result.first = all_->first();
  while (state_.epoch < epochs_ && !anywhere(all_->first() && out_of_time(), false).first) {
    if (out_of_patience()) {
      result.stopped_early = true;
      break;
    }
    if (!train_epoch() || !finish_epoch()) {
      save();
      result.interrupted = true;
      break;
    }
  }
  if (!result.interrupted) {
    result.interrupted =
        !(finish_average(result) && (!result.averaged_eer || calibrate("averaged")) &&
          (state_.best_epoch < 0 || calibrate("best")) &&
          (judge_.selection().chooses() || calibrate("last")) &&
          (!state_.best_test_tdcf || calibrate("best_on_eval")));
  }
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
  result.broken = broken_;
  return result;
}

}  // namespace

TrainingResult train(const Recipe& recipe, const std::filesystem::path& directory, bool resume,
                     const TrainingHooks& hooks) {
  check_training_recipe(recipe);
  return Trainer(recipe, directory, hooks).run(resume);
}

TrainingPlan plan_training(const Recipe& recipe, const std::filesystem::path& directory,
                           bool resume, const TrainingHooks& hooks) {
  check_training_recipe(recipe);
  return Trainer(recipe, directory, hooks).plan(resume);
}

}  // namespace bonafide
