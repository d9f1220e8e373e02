#include "train/trainer.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/random.h"
#include "base/text.h"
#include "base/version.h"
#include "checkpoint/model_file.h"
#include "metrics/affine_calibration.h"
#include "metrics/eer.h"
#include "scoring/calibration.h"
#include "systems/device.h"
#include "systems/state.h"
#include "systems/system_backend.h"
#include "train/average.h"
#include "train/loader.h"
#include "train/optimizer.h"
#include "train/parts.h"
#include "train/schedule.h"
#include "train/training_state.h"
#include "train/validation.h"

namespace bonafide {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

LoaderOptions loader_options(const Recipe& recipe) {
  LoaderOptions options;
  options.sample_rate = static_cast<int>(recipe.integer("input.sample_rate"));
  options.batch_size = static_cast<size_t>(recipe.integer("train.batch_size"));
  options.threads = static_cast<size_t>(recipe.integer("compute.loaders"));
  options.drop_last = recipe.flag("train.drop_last");
  options.balanced = recipe.text("train.sampler") == "balanced";
  options.skip_broken = recipe.text("train.broken_files") == "skip";
  options.seed = static_cast<uint64_t>(recipe.integer("seed"));
  return options;
}

// What yaml types cannot say.
void check(const Recipe& recipe) {
  const auto at_least_one = [&](const char* key) {
    if (recipe.integer(key) < 1) throw UsageError(fmt::format("{}: wants at least 1", key));
  };
  at_least_one("train.epochs");
  at_least_one("train.batch_size");
  at_least_one("evaluate.batch_size");
  at_least_one("input.samples");
  const auto one_of = [&](const char* key, std::initializer_list<std::string_view> words) {
    const std::string word = recipe.text(key);
    if (std::find(words.begin(), words.end(), word) == words.end()) {
      throw UsageError(fmt::format("{}: \"{}\" is not one of: {}", key, printable(word),
                                   fmt::join(words, ", ")));
    }
  };
  one_of("train.crop", {"random", "first"});
  one_of("train.sampler", {"shuffle", "balanced"});
  one_of("train.broken_files", {"stop", "skip"});
}

class Trainer {
 public:
  Trainer(const Recipe& recipe, std::filesystem::path directory, const TrainingHooks& hooks);

  TrainingResult run(bool resume);

 private:
  bool train_epoch();
  void step(const Batch& batch);
  std::optional<double> validate();
  bool finish_epoch();
  void finish_average(TrainingResult& result);
  void save() const;
  void write(const std::string& name, std::optional<double> dev_eer);
  void calibrate(const std::string& name);
  bool out_of_time() const;

  const Recipe& recipe_;
  const std::filesystem::path directory_;
  const TrainingHooks& hooks_;
  const torch::Device device_;
  const LoaderOptions loading_;
  const std::unique_ptr<Frontend> frontend_;
  const std::vector<Trial> train_trials_, dev_trials_, calibration_trials_;
  const int64_t epochs_, steps_per_epoch_;
  const Schedule schedule_;
  std::unique_ptr<System> system_;
  SystemBackend backend_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  std::unique_ptr<Journal> journal_;
  WeightAverage average_;
  TrainingState state_;
  double epoch_seconds_ = 0;
  size_t broken_ = 0;
  Clock::time_point began_ = Clock::now();
};

std::unique_ptr<System> seeded_system(const Recipe& recipe, torch::Device device) {
  set_threads(static_cast<int>(recipe.integer("compute.threads")));
  torch::manual_seed(static_cast<uint64_t>(recipe.integer("seed")));
  auto system = make_system(recipe.json());
  system->module().to(device);
  return system;
}

std::vector<Trial> calibration_part(const Recipe& recipe) {
  if (recipe.at("data.calibration").is_null()) return {};
  return read_part(recipe, "calibration");
}

Trainer::Trainer(const Recipe& recipe, std::filesystem::path directory, const TrainingHooks& hooks)
    : recipe_(recipe),
      directory_(std::move(directory)),
      hooks_(hooks),
      device_(find_device(recipe.text("compute.device"))),
      loading_(loader_options(recipe)),
      frontend_(make_frontend(recipe.json())),
      train_trials_(read_part(recipe, "train")),
      dev_trials_(read_part(recipe, "dev")),
      calibration_trials_(calibration_part(recipe)),
      epochs_(recipe.integer("train.epochs")),
      steps_per_epoch_(batches_per_epoch(train_trials_.size(), loading_)),
      schedule_(recipe.at("schedule"), recipe.number("optimizer.lr"), epochs_ * steps_per_epoch_),
      system_(seeded_system(recipe, device_)),
      backend_(*system_, *frontend_, device_),
      optimizer_(make_optimizer(recipe.at("optimizer"), system_->module().parameters())) {
  if (steps_per_epoch_ < 1) {
    throw UsageError(fmt::format("data.train: {} recordings do not fill one batch of {}",
                                 train_trials_.size(), loading_.batch_size));
  }
  state_.best_eer = recipe.number("train.best_eer");
}

void Trainer::step(const Batch& batch) {
  const int64_t number = state_.epoch * steps_per_epoch_ + state_.batch;
  Random random(loading_.seed, scatter(static_cast<uint64_t>(number)));
  system_->before_batch(random);
  const Batch here = {batch.input.to(device_, torch::kFloat32), batch.label.to(device_)};
  const auto loss = system_->loss(system_->run(here), here);
  const double value = loss.item<double>();
  if (!std::isfinite(value)) {
    throw Error(fmt::format("epoch {}, batch {}: the loss is {}; a lower optimizer.lr may help",
                            state_.epoch, state_.batch, value));
  }
  optimizer_->zero_grad();
  loss.backward();
  set_learning_rate(*optimizer_, schedule_.at(number));
  optimizer_->step();
  state_.loss_sum += value;
  ++state_.batch;
}

// The rest of the epoch; false when interrupted.
bool Trainer::train_epoch() {
  const auto start = Clock::now();
  EpochLoader loader(train_trials_, *frontend_, loading_, static_cast<uint64_t>(state_.epoch),
                     state_.batch);
  hooks_.progress.start(fmt::format("epoch {}/{}", state_.epoch + 1, epochs_),
                        static_cast<size_t>(steps_per_epoch_));
  system_->module().train();
  while (const auto batch = loader.next()) {
    step(*batch);
    hooks_.progress.update(
        static_cast<size_t>(state_.batch),
        fmt::format("loss {:.4f}", state_.loss_sum / static_cast<double>(state_.batch)));
    if (interrupted()) break;
  }
  hooks_.progress.finish();
  broken_ = loader.broken().size();
  if (broken_ > 0) {
    hooks_.warn(
        fmt::format("{} recordings left out, the first: {}", broken_, loader.broken().front()));
  }
  epoch_seconds_ = seconds_since(start);
  state_.seconds += epoch_seconds_;
  return !interrupted();
}

// Dev EER in percent; nothing when interrupted.
std::optional<double> Trainer::validate() {
  hooks_.progress.start("dev", dev_trials_.size());
  const ScoredTrials scored = score_trials(dev_trials_, backend_, recipe_, hooks_.progress);
  hooks_.progress.finish();
  if (scored.interrupted) return std::nullopt;
  if (!scored.troubles.empty()) {
    if (!loading_.skip_broken) throw Error(scored.troubles.front());
    hooks_.warn(fmt::format("dev: {} recordings left out, the first: {}", scored.troubles.size(),
                            scored.troubles.front()));
  }
  return 100.0 * det_eer(scored.bona_fide, scored.spoof).value;
}

// Validates, keeps the best, writes the files; false when interrupted (the epoch is then done but
// not yet validated, and a resumed run validates first).
bool Trainer::finish_epoch() {
  const auto eer = validate();
  if (!eer) return false;
  const bool best = *eer <= state_.best_eer;
  const double steps = static_cast<double>(state_.batch);
  EpochRecord record;
  record.epoch = state_.epoch;
  record.loss = state_.loss_sum / steps;
  record.learning_rate = schedule_.at(state_.epoch * steps_per_epoch_ + state_.batch - 1);
  record.dev_eer = *eer;
  record.best = best;
  record.seconds = epoch_seconds_;
  record.utt_per_s = steps * static_cast<double>(loading_.batch_size) / epoch_seconds_;
  if (best) {
    state_.best_eer = *eer;
    state_.best_epoch = state_.epoch;
    average_.add(system_->module());
    write("best", eer);
  }
  write("last", eer);
  state_.loss_sum = 0;
  state_.batch = 0;
  ++state_.epoch;
  save();
  journal_->add(record);
  hooks_.epoch_done(record);
  return true;
}

void Trainer::finish_average(TrainingResult& result) {
  if (!recipe_.flag("train.average") || average_.count() == 0) return;
  average_.write_to(system_->module());
  EpochLoader loader(train_trials_, *frontend_, loading_, static_cast<uint64_t>(epochs_));
  size_t batches = 0;
  hooks_.progress.start("batch norm of the average", static_cast<size_t>(steps_per_epoch_));
  update_batch_norm(*system_, [&]() -> std::optional<Batch> {
    hooks_.progress.update(batches++, "");
    if (interrupted()) return std::nullopt;
    return loader.next();
  });
  hooks_.progress.finish();
  const auto eer = validate();
  if (!eer || interrupted()) {
    result.interrupted = true;
    return;
  }
  result.averaged_eer = eer;
  write("averaged", eer);
}

void Trainer::save() const {
  save_training(directory_ / "state.safetensors", state_, *system_, *optimizer_, average_);
}

// Fits the calibration of a model file of this run and stores it in the file. The system is left
// with that file's weights.
void Trainer::calibrate(const std::string& name) {
  const auto path = directory_ / (name + ".safetensors");
  if (calibration_trials_.empty() || !std::filesystem::exists(path)) return;
  ModelFile model = read_model(path.string());
  load_state(system_->module(), model.file, path.string());
  hooks_.progress.start("calibration", calibration_trials_.size());
  const ScoredTrials scored = score_trials(calibration_trials_, backend_, recipe_, hooks_.progress);
  hooks_.progress.finish();
  if (scored.interrupted) return;
  const AffineFit fit = fit_affine_calibration(scored.bona_fide, scored.spoof);
  if (!(fit.scale > 0)) {
    return hooks_.warn("calibration: higher scores are not more bona fide here; none is stored");
  }
  Calibration calibration;
  calibration.scale = fit.scale;
  calibration.bias = fit.bias;
  model.description.calibration = calibration.to_json();
  write_model(path, model.description, model.file);
}

void Trainer::write(const std::string& name, std::optional<double> dev_eer) {
  const Json& values = recipe_.json();
  ModelDescription description;
  description.name = values["name"].is_string() ? values["name"].get<std::string>() : "unnamed";
  description.system = values["system"].get<std::string>();
  description.model = values["model"];
  description.input = values["input"];
  description.score = values["score"];
  description.calibration = nullptr;
  description.card = {{"made_by", fmt::format("bonafide {} train", kVersion)},
                      {"corpus", values["data"]["corpus"]},
                      {"train_recordings", train_trials_.size()},
                      {"dev_recordings", dev_trials_.size()},
                      {"calibration_recordings", calibration_trials_.size()},
                      {"epoch", state_.epoch},
                      {"seed", values["seed"]}};
  if (dev_eer) description.card["dev_eer_percent"] = *dev_eer;
  write_model(directory_ / (name + ".safetensors"), description, save_state(system_->module()));
}

bool Trainer::out_of_time() const {
  const Json& limit = recipe_.at("train.max_minutes");
  return limit.is_number() && seconds_since(began_) > 60.0 * limit.get<double>();
}

TrainingResult Trainer::run(bool resume) {
  const auto state_path = directory_ / "state.safetensors";
  if (resume) {
    state_ = load_training(state_path, *system_, *optimizer_, average_);
  } else {
    if (std::filesystem::exists(state_path)) {
      throw UsageError(fmt::format("{}: holds a training run already; --resume goes on with it",
                                   printable(directory_.string())));
    }
    std::filesystem::create_directories(directory_);
    write_atomically(directory_ / "recipe.yaml", recipe_.yaml());
  }
  journal_ = std::make_unique<Journal>(directory_ / "log.csv", state_.epoch);

  TrainingResult result;
  while (state_.epoch < epochs_ && !out_of_time()) {
    if (!train_epoch() || !finish_epoch()) {
      save();
      result.interrupted = true;
      break;
    }
  }
  if (!result.interrupted) finish_average(result);
  if (!result.interrupted) {
    calibrate("averaged");
    calibrate("best");
  }
  result.epochs = state_.epoch;
  result.best_epoch = state_.best_epoch;
  result.best_eer = state_.best_eer;
  result.broken = broken_;
  return result;
}

}  // namespace

TrainingResult train(const Recipe& recipe, const std::filesystem::path& directory, bool resume,
                     const TrainingHooks& hooks) {
  check(recipe);
  return Trainer(recipe, directory, hooks).run(resume);
}

}  // namespace bonafide
