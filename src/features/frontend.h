#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <span>
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

  NetworkInput to(torch::Device device, torch::Dtype dtype) const;
  int64_t size() const;  // of the first axis
};

// Utterances of the same sizes as one batch.
NetworkInput stack(const std::vector<NetworkInput>& utterances);

// Makes a network's input of an utterance. Any number of threads may use one at once.
class Frontend {
 public:
  virtual ~Frontend() = default;

  // As the system scores it: no chance is involved. `samples`: the utterance, or enough of its
  // beginning (the recipe's input.samples). Throws Error when it cannot be used.
  virtual NetworkInput for_scoring(std::span<const float> samples) const = 0;
  // When training takes one stretch of so many samples (by train.crop) and has no use for the rest
  // of the utterance: how many. Nothing when it wants the whole.
  virtual std::optional<size_t> training_stretch() const { return std::nullopt; }
  // As the system trains on it, from the whole utterance: crops, noise, masks.
  virtual NetworkInput for_training(std::span<const float> samples, Random& random) const = 0;
};

// The front end that the recipe's sections `input` and `train` describe; input.frontend.name names
// it. Throws UsageError for an unknown name or option.
std::unique_ptr<Frontend> make_frontend(const Json& recipe);

}  // namespace bonafide
