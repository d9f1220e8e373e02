#include "train/training_setup.h"

#include <fmt/format.h>

#include <span>

#include "base/digest.h"
#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "nn/batch_norm.h"
#include "tensor/device.h"
#include "train/left_out.h"
#include "train/run_files.h"
#include "train/run_record.h"
#include "train/start.h"

namespace bonafide {

namespace {

std::unique_ptr<System> seeded_system(const Recipe& recipe, const SystemTable& systems,
                                      const Job& job) {
  set_threads(threads_of(recipe.integer("compute.threads"), job.place()));
  set_gpu_arithmetic(recipe.flag("compute.tf32"), recipe.flag("train.deterministic"));
  torch::manual_seed(static_cast<uint64_t>(recipe.integer("seed")));
  auto system = make_system(recipe.json(), systems);
  if (system->module().parameters().empty()) {
    throw UsageError(
        fmt::format("system \"{}\" is not trained here", printable(recipe.text("system"))));
  }
  system->module().to(job.device());
  return system;
}

}  // namespace

TrainingSetup::TrainingSetup(const Recipe& the_recipe, const TrainingHooks& the_hooks)
    : recipe(the_recipe),
      hooks(the_hooks),
      job(recipe, hooks.progress),
      system(seeded_system(recipe, hooks.systems, job)),
      part(recipe, *system, job, job.first() ? hooks.warn : nullptr),
      judge(recipe, *system, part.frontend(), job.device(), part.cache(), job.all(), job.progress(),
            hooks.warn),
      learner(recipe, *system, job, part.batches(), part.seed()) {
  state.best_eer = recipe.number("train.best_eer");
  if (job.all().size() > 1) use_several_processes();
}

TrainingSetup::~TrainingSetup() { synchronize_batch_norm({}); }

void TrainingSetup::use_several_processes() {
  expect_the_same_everywhere();
  // The same weights everywhere; from here on each process draws random numbers of its own.
  torch::manual_seed(part.seed() + static_cast<uint64_t>(job.all().rank()));
  if (recipe.flag("compute.sync_batch_norm")) {
    synchronize_batch_norm([this](torch::Tensor& tensor) { job.all().sum(tensor); });
  }
}

// Processes that train on other data, or otherwise, would wait for each other or spoil the run.
void TrainingSetup::expect_the_same_everywhere() {
  std::string mine = fingerprint(part.trials()) + fingerprint(judge.trials());
  for (const char* section : {"system", "model", "input", "loss", "reference", "augment", "train",
                              "optimizer", "schedule"}) {
    mine += recipe.at(section).dump();
  }
  expect_same(job.all(), sha256(std::as_bytes(std::span(mine))), "train: the data and the recipe");
}

std::vector<std::string> TrainingSetup::take_up(const std::filesystem::path& directory,
                                                bool resume) {
  const auto changed = resume ? changed_settings(directory, recipe) : std::vector<std::string>();
  const auto state_path = directory / "state.safetensors";
  if (resume) {
    state = load_training(state_path, learner.parts(average), job.all());
    expect_still_frozen(recipe, state.base);
    const int64_t a = learner.batches_per_step();
    if (state.steps < 0) state.steps = (state.batch + a - 1) / a;
  } else if (std::filesystem::exists(state_path)) {
    throw UsageError(fmt::format("{}: holds a training run already; --resume goes on with it",
                                 printable(directory.string())));
  } else {
    expect_no_models(directory);
    const Begun begun = start_from(read_starts(recipe.at("init")), system->module());
    for (const std::string& line : begun.lines) {
      if (job.first()) hooks.warn(line);
    }
    state.base = left_out(recipe, system->module(), begun.origins);
    const TrainingParts parts = learner.parts(average);
    for (WeightAverage* mean : {&parts.average, &parts.moving}) mean->leave_out(state.base);
  }
  return changed;
}

void TrainingSetup::save(const std::filesystem::path& directory) {
  save_training(directory / "state.safetensors", state, learner.parts(average), job.all());
}

void TrainingSetup::share_buffers() {
  if (job.all().size() == 1) return;
  for (torch::Tensor& buffer : system->module().buffers()) job.all().broadcast(buffer);
}

}  // namespace bonafide
