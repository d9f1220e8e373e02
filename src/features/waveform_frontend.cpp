#include "features/waveform_frontend.h"

#include "audio/crop.h"
#include "base/options.h"

namespace bonafide {

namespace {

class WaveformFrontend : public Frontend {
 public:
  WaveformFrontend(size_t samples, bool random_crop)
      : samples_(samples), random_crop_(random_crop) {}

  NetworkInput for_scoring(std::span<const float> samples) const override {
    return torch::tensor(crop_first(samples, samples_));
  }

  NetworkInput for_training(std::span<const float> samples, Random& random) const override {
    if (!random_crop_) return for_scoring(samples);
    return torch::tensor(crop_random(samples, samples_, random));
  }

  std::optional<size_t> training_stretch() const override { return samples_; }

 private:
  size_t samples_;
  bool random_crop_;
};

}  // namespace

std::unique_ptr<Frontend> make_waveform_frontend(const Json& recipe) {
  const OptionReader known(recipe["input"]["frontend"], "input.frontend", {"name"});
  return std::make_unique<WaveformFrontend>(recipe["input"]["samples"].get<size_t>(),
                                            recipe["train"]["crop"] == "random");
}

}  // namespace bonafide
