#include "loading/loading.h"

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "augment/chain.h"
#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "base/text.h"

namespace bonafide {

namespace {

// A key's value as an index into the words it may have.
template <typename Choice>
Choice choice_of(const Recipe& recipe, const char* key,
                 std::initializer_list<std::pair<std::string_view, Choice>> choices) {
  const std::string word = recipe.text(key);
  std::string words;
  for (const auto& [name, choice] : choices) {
    if (name == word) return choice;
    words += fmt::format("{}{}", words.empty() ? "" : ", ", name);
  }
  throw UsageError(fmt::format("{}: \"{}\" is not one of: {}", key, printable(word), words));
}

void read_sampler(const Recipe& recipe, LoaderOptions& options) {
  options.sampler = choice_of<Sampler>(recipe, "train.sampler",
                                       {{"shuffle", Sampler::kShuffle},
                                        {"balanced", Sampler::kBalanced},
                                        {"weighted", Sampler::kWeighted},
                                        {"shards", Sampler::kShards},
                                        {"speakers", Sampler::kSpeakers},
                                        {"speakers_and_spoofs", Sampler::kSpeakersAndSpoofs}});
  options.weights = read_weight_rules(recipe.at("train.weights"), "train.weights");
  if (!options.weights.empty() && options.sampler != Sampler::kWeighted) {
    throw UsageError("train.weights: only train.sampler: weighted draws by weights");
  }
  options.tuples.utterances_per_speaker = recipe.integer("train.tuples.utterances");
  options.tuples.max_utterances_per_speaker = recipe.integer("train.tuples.most");
  const Json& speakers = recipe.at("train.tuples.speakers");
  if (!speakers.is_null()) {
    options.tuples.speakers_per_batch = recipe.integer("train.tuples.speakers");
  }
}

void read_crops(const Recipe& recipe, LoaderOptions& options) {
  options.stretch = choice_of<Stretch>(recipe, "train.crop",
                                       {{"random", Stretch::kRandom},
                                        {"first", Stretch::kFirst},
                                        {"middle", Stretch::kMiddle},
                                        {"whole", Stretch::kWhole}});
  if (recipe.at("train.early_crop.stretch").is_null()) return;
  Crop crop;
  crop.stretch = choice_of<Stretch>(
      recipe, "train.early_crop.stretch",
      {{"random", Stretch::kRandom}, {"first", Stretch::kFirst}, {"middle", Stretch::kMiddle}});
  crop.filling = choice_of<Filling>(recipe, "train.early_crop.fill",
                                    {{"repeat", Filling::kRepeat}, {"zeros", Filling::kZeros}});
  const Json& samples = recipe.at("train.early_crop.samples");
  crop.samples = static_cast<size_t>(
      recipe.integer(samples.is_null() ? "input.samples" : "train.early_crop.samples"));
  options.early_crop = crop;
}

}  // namespace

LoaderOptions loader_options(const Recipe& recipe, const Communicator& communicator,
                             const Augmentation* augmentation, const AudioCache* cache,
                             const ReferenceSampler* references) {
  LoaderOptions options;
  options.augmentation = augmentation;
  options.cache = cache;
  options.references = references;
  options.rank = communicator.rank();
  options.size = communicator.size();
  options.sample_rate = static_cast<int>(recipe.integer("input.sample_rate"));
  options.batch_size = static_cast<size_t>(recipe.integer("train.batch_size"));
  options.threads = static_cast<size_t>(recipe.integer("compute.loaders"));
  options.drop_last = recipe.flag("train.drop_last");
  read_sampler(recipe, options);
  read_crops(recipe, options);
  options.skip_broken = recipe.text("train.broken_files") == "skip";
  options.seed = static_cast<uint64_t>(recipe.integer("seed"));
  return options;
}

std::unique_ptr<Frontend> make_training_frontend(const Recipe& recipe) {
  FrontendUse use;
  const Json& kept = recipe.at("loader.features");
  if (!kept.is_null()) use.kept_features = recipe.text("loader.features");
  use.plain_waveforms =
      recipe.at("augment.steps").empty() && recipe.at("train.early_crop.stretch") != "random";
  use.random_frames = recipe.text("train.crop") == "random";
  const OptionReader noise(recipe.at("train.noise"), "train.noise", {"probability", "scale"});
  noise.number("probability", use.noise_probability, 0, 1);
  noise.number("scale", use.noise_scale, 0, 1);
  const OptionReader masks(recipe.at("train.masks"), "train.masks",
                           {"probability", "rows", "frames"});
  masks.number("probability", use.mask_probability, 0, 1);
  masks.integer("rows", use.widest_rows, 0, 1 << 20);
  masks.integer("frames", use.widest_frames, 0, 1 << 20);
  return make_frontend(recipe.at("input"), use);
}

std::unique_ptr<Augmentation> make_training_augmentation(const Recipe& recipe) {
  const Json& steps = recipe.at("augment.steps");
  return steps.empty() ? nullptr : make_chain(steps, "augment.steps");
}

std::unique_ptr<AudioCache> open_audio_cache(const Recipe& recipe) {
  const Json& folder = recipe.at("loader.cache");
  if (folder.is_null()) return nullptr;
  return std::make_unique<AudioCache>(recipe.text("loader.cache"));
}

}  // namespace bonafide
