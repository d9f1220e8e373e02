#include "train/keeper.h"

#include <fmt/format.h>

#include <utility>

#include "base/interrupt.h"
#include "base/json_value.h"
#include "train/average.h"

namespace bonafide {

Keeper::Keeper(TrainingSetup& setup, std::filesystem::path directory, RunFiles* files)
    : setup_(setup),
      state_(setup.state),
      judge_(setup.judge),
      directory_(std::move(directory)),
      files_(files),
      averages_(setup.recipe.flag("train.average")),
      last_of_equals_(setup.recipe.text("train.ties") == "last") {}

// `what` names the weights that the system has: "epoch_001".
std::optional<PartFigures> Keeper::figures_of(const std::string& what) {
  return judge_.figures(directory_ / "scores" / (what + ".csv"));
}

bool Keeper::judge_epoch(EpochRecord& record, Judged& judged) {
  if (judge_.selection().chooses()) {
    judged.figures = figures_of(fmt::format("epoch_{:03}", state_.epoch + 1));
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

bool Keeper::is_best(double figure) const {
  if (figure != state_.best_eer) return figure < state_.best_eer;
  return last_of_equals_ || state_.best_epoch < 0;
}

// Writes the weights that were judged: always "last", and "best" when they are. `test`: the eval
// part's figures, of a best epoch with train.best_on_eval.
void Keeper::keep(const EpochRecord& record, const std::optional<PartFigures>& test) {
  if (record.eer && record.choosing < state_.best_eer) state_.better_epoch = state_.epoch;
  if (record.best) {
    state_.best_eer = record.choosing;
    state_.best_epoch = state_.epoch;
    if (averages_) setup_.average.add(setup_.system->module());
    write("best", record.choosing, Json::object());
  }
  if (test) keep_best_on_eval(record.choosing, *test, std::less<>());
  write("last", record.choosing, Json::object());
}

// Writes "best_on_eval" when its min t-DCF is `better` than the one before.
void Keeper::keep_best_on_eval(double figure, const PartFigures& test,
                               const std::function<bool(double, double)>& better) {
  if (!test.min_tdcf) return;  // too few distinct scores
  if (state_.best_test_tdcf && !better(*test.min_tdcf, *state_.best_test_tdcf)) return;
  state_.best_test_tdcf = test.min_tdcf;
  write("best_on_eval", figure,
        {{"also_selected_on", "eval"},
         {"eval_eer_percent", test.eer},
         {"eval_min_tdcf", *test.min_tdcf}});
}

// The batch norms of averaged weights need statistics of their own; false when interrupted.
bool Keeper::refresh_batch_norm() {
  Job& job = setup_.job;
  EpochLoader loader = setup_.part.epoch(setup_.learner.epochs());
  size_t batches = 0;
  bool stop = false;
  job.progress().start("batch norm of the average", static_cast<size_t>(setup_.part.batches()));
  update_batch_norm(*setup_.system, [&]() -> std::optional<Batch> {
    job.progress().update(batches++, "");
    stop = job.anywhere(interrupted());
    if (stop) return std::nullopt;
    auto batch = loader.next();
    return batch ? std::optional(batch->to(job.device(), torch::kFloat32)) : std::nullopt;
  });
  job.progress().finish();
  return !stop;
}

bool Keeper::finish_average(std::optional<double>& averaged) {
  if (!averages_ || setup_.average.count() == 0) return true;
  setup_.average.write_to(setup_.system->module());
  if (!refresh_batch_norm()) return false;
  setup_.share_buffers();
  const auto figures = figures_of("average");
  if (!figures) return false;
  if (judge_.tests()) {
    const auto test = judge_.test_figures();
    if (!test) return false;
    keep_best_on_eval(figures->choosing, *test, std::less_equal<>());
  }
  averaged = figures->choosing;
  write("averaged", figures->choosing, Json::object());
  return true;
}

bool Keeper::finish(std::optional<double>& averaged) {
  return finish_average(averaged) && (!averaged || calibrate("averaged")) &&
         (state_.best_epoch < 0 || calibrate("best")) &&
         (judge_.selection().chooses() || calibrate("last")) &&
         (!state_.best_test_tdcf || calibrate("best_on_eval"));
}

bool Keeper::calibrate(const std::string& name) {
  return judge_.calibrate(directory_ / (name + ".safetensors"));
}

// `figure`: the selection's; `more` goes into the card, too.
void Keeper::write(const std::string& name, double figure, const Json& more) {
  if (files_ == nullptr) return;
  const EpochSelection& selection = judge_.selection();
  Json card = {{"train_recordings", setup_.part.trials().size()},
               {"selection_recordings", judge_.trials().size()},
               {"calibration_recordings", judge_.calibration_trials()},
               {"epoch", state_.epoch}};
  if (selection.chooses()) {
    card[selection.part + "_" + selection.figure + (selection.rate ? "_percent" : "")] = figure;
  }
  card.update(more);
  files_->write_model(name, *setup_.system, std::move(card), state_.base);
}

}  // namespace bonafide
