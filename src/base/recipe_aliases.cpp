#include "base/recipe_aliases.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <span>

#include "base/error.h"
#include "base/json_value.h"
#include "base/recipe_schema.h"
#include "base/text.h"

namespace bonafide {

namespace {

using Converted = std::optional<Json>;  // nothing: not a value of this key

// One key of a reference, and which key of a recipe it is. A key with two meanings has two lines.
struct Alias {
  std::string_view theirs;  // dotted; "metrics.*" stands for all keys below
  std::string_view ours;    // dotted; "": no effect here
  Converted (*convert)(const Json& value);
  std::string_view wants;  // what `convert` takes, for the message
};

Converted as_is(const Json& value) { return value; }

// The AASIST framework writes its flags as words.
Converted flag(const Json& value) {
  if (value.is_boolean()) return value;
  if (value.is_number_integer() && (value == 0 || value == 1)) return value == 1;
  if (!value.is_string()) return std::nullopt;
  static const std::map<std::string, bool> words = {
      {"y", true},  {"yes", true}, {"t", true},  {"true", true},   {"on", true},   {"1", true},
      {"n", false}, {"no", false}, {"f", false}, {"false", false}, {"off", false}, {"0", false}};
  const auto word = words.find(lower(value.get<std::string>()));
  return word == words.end() ? Converted() : Converted(word->second);
}

std::string word_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

Converted optimizer_name(const Json& value) {
  const std::string word = word_of(value);
  return word == "adam" || word == "sgd" ? Converted(word) : std::nullopt;
}

// The other two that its utilities know are refused by its own training loop.
Converted schedule_name(const Json& value) {
  const std::string word = word_of(value);
  if (value.is_null() || word == "none") return "constant";
  return word == "cosine" || word == "keras_decay" ? Converted(word) : std::nullopt;
}

Converted corpus_of_track(const Json& value) {
  const std::string word = word_of(value);
  return word == "LA" || word == "PA" ? Converted("asvspoof2019-" + lower(word)) : std::nullopt;
}

Converted cross_entropy(const Json& value) {
  return word_of(value) == "CCE" ? Converted("cross_entropy") : std::nullopt;
}

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

constexpr std::string_view kFlag = "true or false";
constexpr std::string_view kTrainFolder = "a folder called ASVspoof2019_LA_train";
constexpr std::string_view kSelectionFolder =
    "a folder called ASVspoof2019_LA_dev or ASVspoof2019_LA_eval";

// main.py and utils.py of the AASIST framework, with S2pecNet's folder of features. Its top-level
// lr and weight_decay (RawNet2_baseline.conf) are read by nobody there either.
constexpr Alias kAasistConf[] = {
    {"database_path", "data.root", as_is, ""},
    {"track", "data.corpus", corpus_of_track, "LA or PA"},
    {"batch_size", "train.batch_size", as_is, ""},
    {"num_epochs", "train.epochs", as_is, ""},
    {"loss", "loss.name", cross_entropy, "CCE"},
    {"freq_aug", "train.freq_aug", flag, kFlag},
    {"cudnn_deterministic_toggle", "train.deterministic", flag, kFlag},
    {"cudnn_benchmark_toggle", "", flag, kFlag},
    {"eval_all_best", "", flag, kFlag},
    {"eval_output", "", as_is, ""},
    {"asv_score_path", "", as_is, ""},
    {"model_path", "", as_is, ""},
    {"power_spec_path", "", as_is, ""},
    {"lfcc_path", "", as_is, ""},
    {"lr", "", as_is, ""},
    {"weight_decay", "", as_is, ""},
    {"model_config.*", "model.*", as_is, ""},
    {"optim_config.optimizer", "optimizer.name", optimizer_name, "adam or sgd"},
    {"optim_config.base_lr", "optimizer.lr", as_is, ""},
    {"optim_config.betas", "optimizer.betas", as_is, ""},
    {"optim_config.weight_decay", "optimizer.weight_decay", as_is, ""},
    {"optim_config.amsgrad", "optimizer.amsgrad", flag, kFlag},
    {"optim_config.momentum", "optimizer.momentum", as_is, ""},
    {"optim_config.nesterov", "optimizer.nesterov", flag, kFlag},
    {"optim_config.lr_min", "schedule.lr_min", as_is, ""},
    {"optim_config.scheduler", "schedule.name", schedule_name, "cosine, keras_decay or none"},
};

// src/configs of LightCNN_ASVspoof2019, and trainer.n_epochs, which its README speaks of. Of two
// lines for one key of ours the first counts: it is the one that the reference reads.
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

// Where the rest of a configuration comes from. An architecture that is none of these is for the
// list of networks to refuse.
const std::map<std::string, std::string>& recipe_of_architecture() {
  static const std::map<std::string, std::string> table = {{"AASIST", "aasist"},
                                                           {"RawNet2Spoof", "rawnet2"},
                                                           {"RawNetGatSpoofST", "rawgat-st"},
                                                           {"S2pecNet", "s2pecnet"}};
  return table;
}

bool is_open(const Alias& alias) { return alias.theirs.ends_with(".*"); }

std::string_view stem(std::string_view pattern) { return pattern.substr(0, pattern.size() - 1); }

bool is_exactly(const Alias& alias, std::string_view key) { return alias.theirs == key; }

bool is_below(const Alias& alias, std::string_view key) {
  return is_open(alias) && key.starts_with(stem(alias.theirs)) &&
         key.size() > stem(alias.theirs).size();
}

// The lines for a key: those that name it, else the one whose section it is in.
std::vector<const Alias*> find(std::span<const Alias> table, std::string_view key) {
  std::vector<const Alias*> found;
  for (const auto matches : {is_exactly, is_below}) {
    for (const Alias& alias : table) {
      if (matches(alias, key)) found.push_back(&alias);
    }
    if (!found.empty()) break;
  }
  return found;
}

void put(Json& tree, std::string_view dotted, Json value) {
  Json* at = &tree;
  for (const std::string_view part : split(dotted, '.')) at = &(*at)[std::string(part)];
  *at = std::move(value);
}

// Which line of a table gave each key of ours so far.
using Givers = std::map<std::string, const Alias*>;

// Whether a line may give `target`, which another may have given before.
bool gives(const Alias& alias, std::string_view key, const std::string& target, const Json& ours,
           const std::string& name, const Translation& before, Givers& givers) {
  const auto [giver, first] = givers.emplace(target, &alias);
  if (first) return true;
  if (target == "data.root" && before.values["data"]["root"] != ours) {
    throw UsageError(
        fmt::format("{}: {} lies in {}, and {} in {}: the parts of one data set lie in one folder",
                    printable(name), printable(key), printable(ours.dump()), giver->second->theirs,
                    printable(before.values["data"]["root"].dump())));
  }
  if (&alias > giver->second) return false;
  giver->second = &alias;
  return true;
}

void apply(const Alias& alias, std::string_view key, const Json& value, const std::string& name,
           Translation& result, Givers& givers) {
  const Converted ours = alias.convert(value);
  if (!ours) {
    throw UsageError(fmt::format("{}: {} is {}; expected {}", printable(name), printable(key),
                                 printable(value.dump()), alias.wants));
  }
  if (alias.ours.empty()) {
    result.ineffective.emplace_back(key);
    return;
  }
  if (value.is_string() && value.get<std::string>().find("${") != std::string::npos) {
    throw UsageError(fmt::format("{}: {} is {}; a reference to another key is not resolved here",
                                 printable(name), printable(key), printable(value.dump())));
  }
  std::string target(alias.ours);
  if (target.ends_with(".*")) {
    target = std::string(stem(target)) + std::string(key.substr(stem(alias.theirs).size()));
  }
  if (gives(alias, key, target, *ours, name, result, givers)) put(result.values, target, *ours);
}

std::vector<std::string> named_keys(std::span<const Alias> table) {
  std::vector<std::string> keys;
  for (const Alias& alias : table) {
    if (!is_open(alias)) keys.emplace_back(alias.theirs);
  }
  return keys;
}

std::string unknown(std::span<const Alias> table, const std::string& key) {
  const auto meant = nearest(key, named_keys(table));
  return fmt::format("unknown key \"{}\"{}", printable(key),
                     meant ? fmt::format(" (did you mean \"{}\"?)", *meant)
                           : " (docs/training.md lists the keys)");
}

// Every leaf of the tree, through the table. A section of which nothing is said may be null.
void translate_section(const Json& section, const std::string& path, std::span<const Alias> table,
                       const std::string& name, Translation& result, Givers& givers) {
  for (const auto& [key, value] : section.items()) {
    const std::string dotted = path + key;
    if (key.find('.') != std::string::npos) {
      throw UsageError(
          fmt::format("{}: key \"{}\" has a dot in it", printable(name), printable(dotted)));
    }
    const auto lines = find(table, dotted);
    if (lines.empty() && value.is_object()) {
      translate_section(value, dotted + ".", table, name, result, givers);
      continue;
    }
    if (lines.empty()) {
      throw UsageError(fmt::format("{}: {}", printable(name), unknown(table, dotted)));
    }
    for (const Alias* alias : lines) apply(*alias, dotted, value, name, result, givers);
  }
}

}  // namespace

ForeignRecipe recognise(const Json& tree) {
  if (!tree.is_object()) return ForeignRecipe::kNone;
  const auto has = [&](const char* key) { return tree.contains(key); };
  if (has("model_config") || has("optim_config")) return ForeignRecipe::kAasistConf;
  for (const char* key : {"trainer", "dataloader", "datasets", "scheduler", "writer", "defaults"}) {
    if (has(key)) return ForeignRecipe::kHydra;
  }
  return ForeignRecipe::kNone;
}

Translation translate(const Json& tree, ForeignRecipe kind, const std::string& name) {
  Translation result;
  Givers givers;
  if (kind == ForeignRecipe::kHydra) {
    result.values["base"] = "lcnn";
    translate_section(tree, "", kHydra, name, result, givers);
    return result;
  }
  const Json model = tree.value("model_config", Json());
  const auto architecture =
      model.is_object() ? word_of(model.value("architecture", Json())) : std::string();
  if (architecture.empty()) {
    throw UsageError(
        fmt::format("{}: model_config.architecture names no network", printable(name)));
  }
  const auto base = recipe_of_architecture().find(architecture);
  if (base != recipe_of_architecture().end()) result.values["base"] = base->second;
  const std::string stem = std::filesystem::path(name).stem().string();
  if (!stem.empty()) result.values["name"] = stem;
  translate_section(tree, "", kAasistConf, name, result, givers);
  return result;
}

std::optional<Translation> translate_override(std::string_view key, const Json& value,
                                              const std::string& name) {
  const auto lines = find(kHydra, key);
  if (lines.empty()) return std::nullopt;
  Translation result;
  Givers givers;
  for (const Alias* alias : lines) apply(*alias, key, value, name, result, givers);
  return result;
}

bool takes_text(ForeignRecipe kind, const std::string& key) {
  if (kind == ForeignRecipe::kNone) return false;
  const auto lines = kind == ForeignRecipe::kHydra ? find(kHydra, key) : find(kAasistConf, key);
  return std::any_of(lines.begin(), lines.end(), [](const Alias* alias) {
    return recipe_schema().texts.contains(std::string(alias->ours));
  });
}

std::vector<std::string> foreign_keys() {
  std::vector<std::string> keys;
  for (const Alias& alias : kAasistConf) keys.emplace_back(alias.theirs);
  for (const Alias& alias : kHydra) keys.emplace_back(alias.theirs);
  return keys;
}

std::optional<std::string> nearest_foreign_key(std::string_view key) {
  return nearest(key, named_keys(kHydra));
}

}  // namespace bonafide
