#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace bonafide {

// What a model says of one window of audio.
struct Opinion {
  double score = 0;                   // uncalibrated; higher = more bona fide, always
  std::vector<float> embedding = {};  // empty for models that have none to give
  std::vector<float> parts = {};      // what the score is made of, named by Backend::part_names
};

// Runs a model. Scoring knows models only through this: today LibTorch stands behind it, later the
// engine.
class Backend {
 public:
  virtual ~Backend() = default;

  // Stretches of audio, none longer than the model's window and none empty; returns one opinion
  // each, which does not depend on the others.
  virtual std::vector<Opinion> run(std::span<const std::vector<float>> windows) = 0;

  virtual std::vector<std::string> part_names() const { return {}; }

  // Whether the windows of one run() must be equally long.
  virtual bool wants_equal_lengths() const { return false; }

  // How many windows at once are scored fastest.
  virtual size_t best_batch() const { return 1; }
};

}  // namespace bonafide
