#pragma once

#include <torch/types.h>

#include "scoring/backend.h"
#include "systems/system.h"
#include "tensor/precision.h"

namespace bonafide {

// Scores with a system and a front end that somebody else owns: a loaded model, or one in training
// between epochs. Each call puts the system into evaluation mode and leaves it there.
class SystemBackend : public Backend {
 public:
  SystemBackend(System& system, const Frontend& frontend, torch::Device device,
                torch::Dtype dtype = torch::kFloat32, Precision precision = Precision::kFloat32)
      : system_(system),
        frontend_(frontend),
        device_(device),
        dtype_(dtype),
        precision_(precision) {}

  std::vector<Opinion> run(std::span<const Question> questions) override;
  bool judges_alone() const override { return system_.judges_alone(); }
  bool compares() const override { return system_.compares(); }
  bool needs_reference() const override { return system_.needs_reference(); }
  std::vector<std::string> part_names() const override { return system_.part_names(); }
  double joined_score(double mean, std::span<const float> parts) const override {
    return system_.joined_score(mean, parts);
  }
  // A published evaluation pads as its batches were.
  bool wants_equal_lengths() const override {
    return !frontend_.gives_one_size() && system_.judges_alone();
  }
  size_t best_batch() const override { return device_.is_cpu() ? system_.best_batch() : kOnGpu; }

 private:
  static constexpr size_t kOnGpu = 24;

  System& system_;
  const Frontend& frontend_;
  torch::Device device_;
  torch::Dtype dtype_;  // of the module
  Precision precision_;
};

}  // namespace bonafide
