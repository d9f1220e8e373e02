#include "train/start.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <span>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/model_file.h"
#include "checkpoint/ssl_source.h"
#include "checkpoint/weight_choice.h"
#include "tensor/state.h"
#include "train/encoder_check.h"
#include "train/parameter_names.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr size_t kShown = 3;  // names in a message

// Weights to begin with, and all that their file holds; nothing of a model of ours.
struct Found {
  WeightChoice choice;
  StoredWeights stored = {};
};

// What the part of the module behind `into` wants, under the names that the file has for it.
std::vector<WantedTensor> wanted_of(const Start& start, const torch::nn::Module& module) {
  std::vector<WantedTensor> wanted;
  for (WantedTensor& tensor : wanted_by(module)) {
    if (!tensor.name.starts_with(start.into)) continue;
    tensor.name = start.take + tensor.name.substr(start.into.size());
    wanted.push_back(std::move(tensor));
  }
  return wanted;
}

// The set of weights that fits that part whole, or else the one that is taken without it.
Found weights_for(const Start& start, const fs::path& path, const torch::nn::Module& module) {
  StoredWeights stored = read_stored_weights(path);
  const auto own = read_description(stored.metadata, path.native());
  if (own && !own->base.is_null()) return {{read_model(path.native()).file, ""}};
  try {
    WeightChoice fitting =
        choose_weights(stored, wanted_of(start, module), start.set, path.native());
    return {std::move(fitting), std::move(stored)};
  } catch (const Error&) {
    WeightChoice plain = choose_weights(stored, start.set, path.native());
    return {std::move(plain), std::move(stored)};
  }
}

// A file comes before a model of that name, which comes before a folder.
Found read_start(const Start& start, const torch::nn::Module& module) {
  std::error_code unreadable;
  const fs::path best = fs::path(start.from) / "best.safetensors";
  if (fs::is_regular_file(start.from, unreadable)) return weights_for(start, start.from, module);
  if (is_model_name(start.from)) return {{read_model(start.from).file, ""}};
  if (fs::is_regular_file(best, unreadable)) return weights_for(start, best, module);
  if (fs::exists(start.from, unreadable)) return weights_for(start, start.from, module);
  return {{read_model(start.from).file, ""}};
}

// "; fairseq's wav2vec2, of normalised waveforms; it does not say num_attention_heads, which is as
// in the recipe"; "" where there is no encoder of a published file.
std::string describe(const std::optional<StoredEncoder>& encoder) {
  if (!encoder) return "";
  const auto& untold = encoder->untold;
  return fmt::format("; {}{}", describe(*encoder),
                     untold.empty() ? ""
                                    : fmt::format("; it does not say {}, as the recipe must",
                                                  fmt::join(untold, ", ")));
}

std::string some_of(const std::vector<std::string>& names) {
  const auto shown = std::span(names).first(std::min(kShown, names.size()));
  return fmt::format("{}{}", fmt::join(shown, ", "), names.size() > kShown ? ", ..." : "");
}

// "229 of 231 tensors taken; 1 of another shape (fc.weight), 1 absent (fc.bias)".
std::string describe(const Taken& taken) {
  std::vector<std::string> rest;
  const auto mention = [&](const std::vector<std::string>& names, const char* what) {
    if (names.empty()) return;
    rest.push_back(fmt::format("{} {} ({})", names.size(), what, some_of(names)));
  };
  mention(taken.misshapen, "of another shape");
  mention(taken.absent, "absent");
  mention(taken.surplus, "of the file without a place");
  const size_t all = taken.names.size() + taken.misshapen.size() + taken.absent.size();
  return fmt::format("{} of {} tensors taken{}{}", taken.names.size(), all,
                     rest.empty() ? "" : "; ", fmt::join(rest, ", "));
}

void expect_required(const Start& start, const Taken& taken) {
  for (const std::string& pattern : start.require) {
    std::vector<std::string> lacking;
    for (const auto* names : {&taken.misshapen, &taken.absent}) {
      std::copy_if(names->begin(), names->end(), std::back_inserter(lacking),
                   [&](const std::string& name) { return fits_pattern(name, pattern); });
    }
    const bool any =
        std::any_of(taken.names.begin(), taken.names.end(),
                    [&](const std::string& name) { return fits_pattern(name, pattern); });
    if (any && lacking.empty()) continue;
    throw Error(fmt::format(
        "init: {}: \"{}\" is required and {}", printable(start.from), printable(pattern),
        lacking.empty() ? "fits none of the tensors taken" : "was not taken: " + some_of(lacking)));
  }
}

// What the file calls each tensor that was taken: those of the same bytes.
WeightOrigin origin_of(const Start& start, const Found& found, const Taken& taken) {
  std::map<const std::byte*, std::string> names;
  for (const StoredTensor& tensor : found.stored.tensors) {
    if (!tensor.tensor.bytes.empty()) names.emplace(tensor.tensor.bytes.data(), tensor.name);
  }
  WeightOrigin origin{start.from, found.stored.files, {}};
  if (found.stored.files.size() == 1) origin.from = found.stored.files.front();
  for (const std::string& ours : taken.names) {
    const Tensor* tensor = found.choice.file.find(start.take + ours.substr(start.into.size()));
    const auto theirs = names.find(tensor->bytes.data());
    if (theirs != names.end()) origin.tensors.emplace(ours, theirs->second);
  }
  return origin;
}

void start_from(const Start& start, torch::nn::Module& module, Begun& begun) {
  const Found found = read_start(start, module);
  const auto& [choice, stored] = found;
  const auto& encoder = stored.encoder;
  if (encoder) expect_same_encoder(*encoder, module, start.into, start.from);
  const Taken taken = take_state(module, choice.file, start.take, start.into);
  const std::string line =
      fmt::format("init: {}: {}{}{}{}", printable(start.from), describe(taken), describe(encoder),
                  choice.note.empty() ? "" : "; ", choice.note);
  if (taken.names.empty()) throw Error(line);
  expect_required(start, taken);
  begun.lines.push_back(line);
  for (WeightOrigin& earlier : begun.origins) {
    for (const std::string& name : taken.names) earlier.tensors.erase(name);
  }
  begun.origins.push_back(origin_of(start, found, taken));
}

}  // namespace

std::vector<Start> read_starts(const Json& init) {
  std::vector<Start> starts;
  for (size_t i = 0; i < init.size(); ++i) {
    const std::string path = fmt::format("init[{}]", i);
    if (init[i].is_string()) {
      starts.push_back({init[i].get<std::string>(), "", "", "", {}});
      continue;
    }
    if (!init[i].is_object()) {
      throw UsageError(fmt::format("{}: an entry is {{from: MODEL, FILE or FOLDER, ...}}", path));
    }
    const OptionReader reader(init[i], path, {"from", "set", "take", "into", "require"});
    Start start;
    reader.text("from", start.from);
    reader.text("set", start.set);
    reader.text("take", start.take);
    reader.text("into", start.into);
    start.require =
        read_patterns(init[i].value("require", Json::array()), (path + ".require").c_str());
    if (start.from.empty()) throw UsageError(path + ".from: names no weights to begin with");
    starts.push_back(std::move(start));
  }
  return starts;
}

Begun start_from(const std::vector<Start>& starts, torch::nn::Module& module) {
  Begun begun;
  for (const Start& start : starts) start_from(start, module, begun);
  return begun;
}

}  // namespace bonafide
