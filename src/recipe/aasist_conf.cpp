#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "recipe/alias_tables.h"

namespace bonafide {

namespace {

// Flags are written as words there.
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

constexpr std::string_view kFlag = "true or false";

// The lr and weight_decay at its top (RawNet2_baseline.conf) are read by nobody there either.
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

}  // namespace

std::span<const Alias> aasist_conf_keys() { return kAasistConf; }

}  // namespace bonafide
