#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/random.h"

namespace bonafide {

// What a network eats of one utterance, or of several with one more axis in front. A front end
// leaves undefined what its networks do not take.
struct NetworkInput {
  NetworkInput() = default;
  // Implicit, as most networks take waveforms alone.
  NetworkInput(torch::Tensor samples, torch::Tensor rows_by_frames = {})
      : wave(std::move(samples)), features(std::move(rows_by_frames)) {}

  torch::Tensor wave;      // [N] samples at the recipe's rate
  torch::Tensor features;  // [rows, frames]
  // [B], int64: how many samples of each waveform of a batch are its own, where zeros follow in
  // some; undefined where none do.
  torch::Tensor length;

  NetworkInput to(torch::Device device, torch::Dtype dtype) const;
  int64_t size() const;  // of the first axis
};

// Utterances as one batch: shorter waveforms get zeros behind them, and `length` says so. Throws
// Error for features of different sizes.
NetworkInput stack(const std::vector<NetworkInput>& utterances);

// How a front end is used, which a model file does not say.
struct FrontendUse {
  std::string kept_features = {};  // a folder that keeps what is made of utterances; "": none
  // The rest is of training alone.
  bool plain_waveforms = false;  // chance has changed none before, so that what is kept serves too
  bool random_frames = false;    // front ends that cut frames of features: from a random start
  double noise_probability = 0;  // log-power: of Gaussian noise on the samples
  double noise_scale = 0;        // its standard deviation
  double mask_probability = 0;   // log-power: of one mask of each kind
  int64_t widest_rows = 0;
  int64_t widest_frames = 0;
};

// Makes a network's input of an utterance. Any number of threads may use one at once.
class Frontend {
 public:
  virtual ~Frontend() = default;

  // The most samples of an utterance that it looks at, where these are one stretch: whoever reads
  // the utterance chooses which. Nothing when it makes features of all that it is given.
  virtual std::optional<size_t> stretch() const { return std::nullopt; }
  // Whether inputs are of one size, whatever the utterances' lengths are.
  virtual bool gives_one_size() const { return true; }
  // `samples`: the utterance, or a stretch of it. `random`: the chance that training has part in;
  // null when the system scores. Throws Error when the utterance cannot be used.
  virtual NetworkInput make(std::span<const float> samples, Random* random) const = 0;
};

// The front end that a recipe's section `input` describes; input.frontend.name names it. Throws
// UsageError for an unknown name or option.
std::unique_ptr<Frontend> make_frontend(const Json& input, const FrontendUse& use = {});

}  // namespace bonafide
