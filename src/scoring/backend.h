#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bonafide {

// A window of audio to be judged, and the recording to compare it with, where there is one. Samples
// lie at the model's rate; neither is longer than the model's window, and neither is empty.
struct Question {
  std::vector<float> samples;
  std::shared_ptr<const std::vector<float>> reference = nullptr;  // one for many questions
};

// What a model says of a question.
struct Opinion {
  // Uncalibrated; higher = more bona fide, always. None: of a model that only gives embeddings.
  std::optional<double> score = 0;
  std::vector<float> embedding = {};  // empty for models that have none to give
  std::vector<float> parts = {};      // what the score is made of, named by Backend::part_names
};

// Runs a model. Scoring knows models only through this: today LibTorch stands behind it, later the
// engine.
class Backend {
 public:
  virtual ~Backend() = default;

  // One opinion for each question, which does not depend on the others, unless judges_alone() says
  // so.
  virtual std::vector<Opinion> run(std::span<const Question> questions) = 0;

  virtual std::vector<std::string> part_names() const { return {}; }
  // The score beside several references, from the means of its scores and parts beside each.
  virtual double joined_score(double mean, std::span<const float> /*mean_parts*/) const {
    return mean;
  }

  // Whether it compares with references, and whether it must have one; else zeros stand for it.
  virtual bool compares() const { return false; }
  virtual bool needs_reference() const { return false; }

  // Where an opinion depends on the batch (to reproduce a published evaluation), batches are those
  // of the list, in its order, and one that fails is not asked about piece by piece.
  virtual bool judges_alone() const { return true; }

  // Whether the windows of one run() must be equally long.
  virtual bool wants_equal_lengths() const { return false; }

  // How many windows at once are scored fastest.
  virtual size_t best_batch() const { return 1; }
};

}  // namespace bonafide
