#include "augment/chain.h"

#include <fmt/format.h>

#include "augment/parameters.h"
#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "recipe/recipe.h"

namespace bonafide {

namespace {

constexpr int kDeepest = 8;  // chains within chains

struct Step {
  double probability = 1;
  std::unique_ptr<Augmentation> augmentation;
};

class Chain : public Augmentation {
 public:
  explicit Chain(std::vector<Step> steps) : steps_(std::move(steps)) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    for (const Step& step : steps_) {
      const bool taken = random.uniform() < step.probability;
      Random own(random.bits());
      if (taken && !waveform.samples.empty()) {
        waveform = step.augmentation->apply(std::move(waveform), own);
      }
    }
    return waveform;
  }

 private:
  std::vector<Step> steps_;
};

class OneOf : public Augmentation {
 public:
  explicit OneOf(std::vector<Step> steps) : steps_(std::move(steps)) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const Step& step = steps_[random.below(steps_.size())];
    if (!(random.uniform() < step.probability)) return waveform;
    return step.augmentation->apply(std::move(waveform), random);
  }

 private:
  std::vector<Step> steps_;
};

std::vector<Step> make_steps(const Json& steps, const std::string& where, int depth);

// A published chain takes the folders that it needs ("$musan") from the step that names it.
void fill_folders(Json& value, Parameters& parameters) {
  for (Json& item : value) {
    if (item.is_structured()) fill_folders(item, parameters);
    if (!item.is_string() || !item.get_ref<const std::string&>().starts_with("$")) continue;
    const std::string key = item.get<std::string>().substr(1);
    item = parameters.text(key, "");
    if (item.get_ref<const std::string&>().empty()) parameters.refuse(key, "a folder");
  }
}

std::unique_ptr<Augmentation> make_named(const std::string& name, Parameters& parameters,
                                         int depth) {
  if (name == "one_of" || name == "chain") {
    auto steps = make_steps(parameters.raw("steps"), parameters.where() + ".steps", depth + 1);
    if (name == "chain") return std::make_unique<Chain>(std::move(steps));
    if (steps.empty()) parameters.refuse("steps", "a list with at least one step");
    return std::make_unique<OneOf>(std::move(steps));
  }
  for (const AugmentationKind& kind : augmentations()) {
    if (kind.name == name) return kind.make(parameters);
  }
  for (const PublishedChain& chain : published_chains()) {
    if (chain.name != name) continue;
    Json steps = parse_yaml(chain.steps, std::string(chain.name));
    fill_folders(steps, parameters);
    return std::make_unique<Chain>(make_steps(steps, parameters.where(), depth + 1));
  }
  std::vector<std::string> known{"one_of", "chain"};
  for (const AugmentationKind& kind : augmentations()) known.emplace_back(kind.name);
  for (const PublishedChain& chain : published_chains()) known.emplace_back(chain.name);
  const auto meant = nearest(name, known);
  throw UsageError(fmt::format("{}: unknown augmentation \"{}\" ({}{})", parameters.where(),
                               printable(name), meant ? "did you mean " : "there are: ",
                               meant ? *meant : fmt::format("{}", fmt::join(known, ", "))));
}

Step make_step(const Json& item, const std::string& where, int depth) {
  if (item.is_string()) return make_step(Json{{"name", item}}, where, depth);
  if (!item.is_object() || !item.contains("name") || !item["name"].is_string()) {
    throw UsageError(fmt::format("{}: a step is a name or {{name: NAME, ...}}, not {}", where,
                                 printable(item.dump(), 80)));
  }
  Parameters parameters(
      item, fmt::format("{} ({})", where, printable(item["name"].get<std::string>(), 40)));
  Step step;
  const std::string name = parameters.text("name", "");
  step.probability = parameters.number("p", 1, 0, 1);
  step.augmentation = make_named(name, parameters, depth);
  parameters.finish();
  return step;
}

std::vector<Step> make_steps(const Json& steps, const std::string& where, int depth) {
  if (depth > kDeepest) throw UsageError(fmt::format("{}: chains within chains", where));
  if (steps.is_null()) return {};
  if (!steps.is_array()) throw UsageError(fmt::format("{}: must be a list of steps", where));
  std::vector<Step> made;
  for (size_t i = 0; i < steps.size(); ++i) {
    made.push_back(make_step(steps[i], fmt::format("{}[{}]", where, i), depth));
  }
  return made;
}

}  // namespace

std::unique_ptr<Augmentation> make_chain(const Json& steps, const std::string& where) {
  return std::make_unique<Chain>(make_steps(steps, where, 0));
}

const std::vector<PublishedChain>& published_chains() {
  static const std::vector<PublishedChain> table = {
      {"rat", "Security-FIT/RAT: silence, masks, mu-law, RawBoost 5, noise and filter",
       R"(
- {name: trim_silence, p: 0.5, when_silent: keep-tail}
- {name: time_mask, p: 0.3}
- {name: mu_law, p: 0.3}
- {name: rawboost, p: 0.3, algorithm: 5}
- name: chain
  p: 0.3
  steps:
  - name: one_of
    p: 0.9
    steps:
    - colour_noise
    - {name: white_noise, amplitude: [0.001, 0.015]}
    - white_noise_snr
  - {name: filter, p: 0.9}
)"},
      {"same", "SAME: RawBoost 1, 2 or 3, then MP3 or AAC",
       R"(
- {name: rawboost, algorithm: [1, 2, 3], normalise: true}
- {name: codec, codecs: [mp3, aac], bit_rates: default}
)"},
      {"sasv", "SASV baseline: one of seven; needs musan: FOLDER and rirs: FOLDER",
       R"(
- name: one_of
  steps:
  - {name: chain, steps: []}
  - {name: reverberation, folder: $rirs}
  - {name: background, folder: $musan, category: music}
  - {name: background, folder: $musan, category: speech}
  - {name: background, folder: $musan, category: noise}
  - name: chain
    steps:
    - {name: background, folder: $musan, category: speech}
    - {name: background, folder: $musan, category: music}
  - {name: speed, rates: [0.95, 1.05]}
)"},
      {"lcnn", "LightCNN: white noise on half of the utterances",
       "- {name: white_noise, p: 0.5, amplitude: 0.005}\n"},
      {"telephone", "a telephone call: band, codec, level, lost packets",
       R"(
- {name: gain, db: [-12, 6]}
- {name: codec, codecs: [alaw, mulaw, gsm, g722], loss: [0, 0.05], burst: 2}
)"},
  };
  return table;
}

}  // namespace bonafide
