#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "recipe/alias_tables.h"

namespace bonafide {

namespace {

Converted mean(const Json& value) {
  return word_of(value) == "mean" ? Converted(value) : std::nullopt;
}

// The last part of a Python name: torch.optim.Adam -> Adam.
std::string python_class(const Json& value) {
  const std::string word = word_of(value);
  return word.substr(word.rfind('.') + 1);
}

Converted optimizer_class(const Json& value) {
  const std::string word = lower(python_class(value));
  return word == "adam" || word == "adamw" || word == "sgd" ? Converted(word) : std::nullopt;
}

Converted schedule_class(const Json& value) {
  return python_class(value) == "ExponentialLR" ? Converted("exponential") : std::nullopt;
}

Converted cross_entropy_class(const Json& value) {
  return python_class(value) == "CrossEntropyLoss" ? Converted(value) : std::nullopt;
}

Converted network_class(const Json& value) {
  const std::string word = python_class(value);
  return word == "LightCNNOriginal" || word == "LightCNN" ? Converted("LightCNN") : std::nullopt;
}

// LA/ASVspoof2019_LA_train stands in the data set's folder.
std::filesystem::path without_slash(const Json& value) {
  std::filesystem::path path = word_of(value);
  return path.has_filename() ? path : path.parent_path();
}

bool names_part(const Json& value, std::initializer_list<std::string_view> parts) {
  const std::string name = without_slash(value).filename().string();
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return name == fmt::format("ASVspoof2019_LA_{}", part);
  });
}

std::string folder_above(const Json& value) {
  const std::string root = without_slash(value).parent_path().string();
  return root.empty() ? "." : root;
}

Converted root_of_training(const Json& value) {
  return names_part(value, {"train"}) ? Converted(folder_above(value)) : std::nullopt;
}

Converted root_of_selection(const Json& value) {
  return names_part(value, {"dev", "eval"}) ? Converted(folder_above(value)) : std::nullopt;
}

Converted selecting_part(const Json& value) {
  if (names_part(value, {"dev"})) return "dev";
  return names_part(value, {"eval"}) ? Converted("eval") : std::nullopt;
}

// PyTorch's 0 reads in the training process itself; here that is one thread beside it.
Converted loaders(const Json& value) { return value == 0 ? Json(1) : value; }

Converted monitored(const Json& value) {
  return word_of(value) == "min eval_eer" ? Converted(value) : std::nullopt;
}

Converted comet_mode(const Json& value) {
  const std::string word = word_of(value);
  return word == "online" || word == "offline" ? Converted(word) : std::nullopt;
}

constexpr std::string_view kTrainFolder = "a folder called ASVspoof2019_LA_train";
constexpr std::string_view kSelectionFolder =
    "a folder called ASVspoof2019_LA_dev or ASVspoof2019_LA_eval";

// Its folder src/configs, and trainer.n_epochs, which its README speaks of.
constexpr Alias kHydra[] = {
    {"name", "name", as_is, ""},
    {"epochs", "train.epochs", as_is, ""},
    {"trainer.n_epochs", "train.epochs", as_is, ""},
    {"early_stop", "train.patience", as_is, ""},
    {"monitor", "", monitored, "min eval_eer"},
    {"save_period", "", as_is, ""},
    {"log_step", "", as_is, ""},  // written there, but every step is logged
    {"trainer.log_step", "", as_is, ""},
    {"trainer.device", "compute.device", as_is, ""},
    {"seed", "seed", as_is, ""},
    {"trainer.seed", "seed", as_is, ""},
    {"trainer.save_dir", "", as_is, ""},
    {"trainer.resume_from", "", as_is, ""},
    {"trainer.override", "", as_is, ""},
    {"trainer._target_", "", as_is, ""},
    {"model.input_shape", "model.input_shape", as_is, ""},
    {"model.num_classes", "model.num_classes", as_is, ""},
    {"model.dropout_prob", "model.dropout_prob", as_is, ""},
    {"model._target_", "model.architecture", network_class, "LightCNNOriginal"},
    {"optimizer.lr", "optimizer.lr", as_is, ""},
    {"optimizer.weight_decay", "optimizer.weight_decay", as_is, ""},
    {"optimizer._target_", "optimizer.name", optimizer_class, "Adam, AdamW or SGD of torch.optim"},
    {"scheduler.gamma", "schedule.gamma", as_is, ""},
    {"scheduler._target_", "schedule.name", schedule_class, "ExponentialLR"},
    {"loss.reduction", "", mean, "mean"},
    {"loss._target_", "", cross_entropy_class, "CrossEntropyLoss"},
    {"dataloader.batch_size", "train.batch_size", as_is, ""},
    {"dataloader.num_workers", "compute.loaders", loaders, ""},
    {"dataloader.pin_memory", "", as_is, ""},
    {"dataloader.train.batch_size", "train.batch_size", as_is, ""},
    {"dataloader.train.num_workers", "compute.loaders", loaders, ""},
    {"dataloader.train.drop_last", "train.drop_last", as_is, ""},
    {"dataloader.train.pin_memory", "", as_is, ""},
    {"dataloader.eval.batch_size", "evaluate.batch_size", as_is, ""},
    {"dataloader.eval.num_workers", "", as_is, ""},
    {"dataloader.eval.drop_last", "", as_is, ""},
    {"dataloader.eval.pin_memory", "", as_is, ""},
    {"datasets.train.dataset_path", "data.root", root_of_training, kTrainFolder},
    {"datasets.train.*", "", as_is, ""},
    {"datasets.eval.dataset_path", "data.root", root_of_selection, kSelectionFolder},
    {"datasets.eval.dataset_path", "train.select", selecting_part, kSelectionFolder},
    {"datasets.eval.*", "", as_is, ""},
    {"metrics.*", "", as_is, ""},
    {"writer.mode", "comet.mode", comet_mode, "online or offline"},
    {"writer.project_name", "comet.project", as_is, ""},
    {"writer.workspace", "comet.workspace", as_is, ""},
    {"writer.run_name", "comet.experiment", as_is, ""},
    {"writer.*", "", as_is, ""},
    {"defaults", "", as_is, ""},
};

}  // namespace

std::span<const Alias> hydra_keys() { return kHydra; }

}  // namespace bonafide
