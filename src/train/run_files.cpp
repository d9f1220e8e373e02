#include "train/run_files.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "base/version.h"
#include "checkpoint/model_file.h"
#include "report/training_page.h"
#include "tensor/state.h"

namespace bonafide {

namespace {

std::string name_of(const Recipe& recipe) {
  const Json& name = recipe.at("name");
  return name.is_string() ? name.get<std::string>() : "unnamed";
}

}  // namespace

RunFiles::RunFiles(std::filesystem::path directory, const Recipe& recipe, Position begin,
                   std::function<void(const std::string&)> warn)
    : directory_(std::move(directory)),
      recipe_(recipe),
      selection_(selection_of(recipe)),
      journal_(directory_ / "log.csv", begin.epoch),
      scalars_(directory_, begin.step, begin.epoch) {
  if (recipe.text("comet.mode") == "off") return;
  comet_ = std::make_unique<Comet>(CometOptions::of(recipe), recipe, directory_, std::move(warn));
  scalars_.tell([this](const Scalar& scalar) { comet_->add(scalar); });
}

void RunFiles::add(const Step& step) {
  scalars_.by_step("batch_loss_train", step.result.loss, step.number);
  if (step.result.terms.size() > 1) {
    for (const auto& [name, value] : step.result.terms) {
      scalars_.by_step(fmt::format("batch_{}_train", name), value, step.number);
    }
  }
  if (step.running_accuracy) {
    scalars_.by_step("batch_accuracy_train", *step.running_accuracy, step.number);
  }
  if (step.result.gradient_norm) {
    scalars_.by_step("batch_gradient_norm_train", *step.result.gradient_norm, step.number);
  }
  scalars_.by_step("learning_rate_train", step.learning_rate, step.number);
  scalars_.by_step("steps_per_sec_train", 1 / step.seconds, step.number);
}

void RunFiles::add(const EpochRecord& epoch, std::optional<double> accuracy,
                   std::optional<double> best, const std::optional<PartFigures>& figures) {
  const auto add = [&](const std::string& name, double value) {
    scalars_.by_epoch(name, value, epoch.epoch);
  };
  const std::string& part = selection_.part;
  add("epoch_loss_train", epoch.loss);
  if (accuracy) add("epoch_accuracy_train", *accuracy);
  add("epoch_time_train", epoch.seconds);
  if (figures) add("epoch_eer_" + part, figures->eer);
  add("loss", epoch.loss);
  if (figures) add(part + "_eer", figures->eer);
  if (best) add(fmt::format("best_{}_{}", part, selection_.figure), *best);
  if (figures && figures->min_tdcf) add("epoch_tdcf_" + part, *figures->min_tdcf);
  for (const auto& [name, value] : epoch.figures)
    add(fmt::format("epoch_{}_{}", name, part), value);
  journal_.add(epoch);
  write_report();
}

void RunFiles::add_test(int64_t epoch, const PartFigures& figures) {
  scalars_.by_epoch("epoch_eer_eval", figures.eer, epoch);
  if (figures.min_tdcf) scalars_.by_epoch("epoch_tdcf_eval", *figures.min_tdcf, epoch);
}

void RunFiles::add_final_best(double best, int64_t epoch) {
  scalars_.by_epoch(fmt::format("best_{}_{}_final", selection_.part, selection_.figure), best,
                    epoch);
}

void RunFiles::write_model(const std::string& name, System& system, Json card,
                           const Json& base) const {
  const Json& values = recipe_.json();
  ModelDescription description = ModelDescription::from_recipe(recipe_);
  card["made_by"] = fmt::format("bonafide {} train", kVersion);
  card["corpus"] = values["data"]["corpus"];
  if (selection_.chooses()) card["selected_on"] = selection_.part;
  card["seed"] = values["seed"];
  description.card = std::move(card);
  description.base = base;
  bonafide::write_model(directory_ / (name + ".safetensors"), description,
                        save_state(system.module()));
}

// The run's page, with its learning curves so far.
void RunFiles::write_report() const {
  TrainingPage page;
  page.title = fmt::format("{}: training", name_of(recipe_));
  page.part = selection_.part;
  for (const EpochRecord& r : journal_.records()) {
    page.epochs.push_back({static_cast<double>(r.epoch + 1), r.loss, r.eer});
    if (r.eer) page.epochs.back().dev_eer = *r.eer / 100;
  }
  const Json record = Json::parse(read_text(directory_ / "run.json"), nullptr, false);
  for (const char* key : {"bonafide", "libtorch", "command", "started", "git_commit", "host",
                          "processor", "threads", "processes", "seed"}) {
    if (!record.is_object() || !record.contains(key)) continue;
    const Json& value = record[key];
    page.run_card.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  write_atomically(directory_ / "report.html", training_page(page));
}

void RunFiles::flush() {
  scalars_.flush();
  if (comet_) comet_->look();
}

void RunFiles::finish() {
  scalars_.flush();
  if (comet_) comet_->finish();
}

void expect_no_models(const std::filesystem::path& directory) {
  for (const char* name : {"best", "averaged", "best_on_eval"}) {
    const auto model = directory / (std::string(name) + ".safetensors");
    if (!std::filesystem::exists(model)) continue;
    throw UsageError(
        fmt::format("{}: is there already, and is not written over; remove it, or name "
                    "another folder",
                    printable(model.native())));
  }
}

}  // namespace bonafide
