#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace bonafide {

// What a model says of one window of audio.
struct Opinion {
  double score = 0;              // uncalibrated; higher = more bona fide, always
  std::vector<float> embedding;  // empty for models that have none to give
};

// Runs a model. Scoring knows models only through this: today LibTorch stands behind it, later the
// engine.
class Backend {
 public:
  virtual ~Backend() = default;

  // `windows`: count x samples values, row after row; returns one opinion per row. A row's opinion
  // does not depend on the other rows.
  virtual std::vector<Opinion> run(std::span<const float> windows, size_t count) = 0;
};

}  // namespace bonafide
