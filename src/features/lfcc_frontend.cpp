#include "features/lfcc_frontend.h"

#include "audio/crop.h"
#include "base/options.h"
#include "features/frames.h"
#include "features/lfcc.h"

namespace bonafide {

namespace {

class LfccFrontend : public Frontend {
 public:
  LfccFrontend(const LfccOptions& options, size_t wave_samples, int64_t frames, bool random_crop)
      : options_(options),
        wave_samples_(wave_samples),
        frames_(frames),
        random_crop_(random_crop) {}

  NetworkInput for_scoring(std::span<const float> samples) const override {
    return {torch::tensor(crop_first(samples, wave_samples_)),
            first_frames(coefficients(samples), frames_).to(torch::kFloat32)};
  }

  NetworkInput for_training(std::span<const float> samples, Random& random) const override {
    if (!random_crop_) return for_scoring(samples);
    const auto wave = torch::tensor(crop_random(samples, wave_samples_, random));
    return {wave, random_frames(coefficients(samples), frames_, random).to(torch::kFloat32)};
  }

 private:
  torch::Tensor coefficients(std::span<const float> samples) const {
    return lfcc(torch::tensor(c10::ArrayRef<float>(samples.data(), samples.size())), options_);
  }

  LfccOptions options_;
  size_t wave_samples_;
  int64_t frames_;
  bool random_crop_;
};

}  // namespace

std::unique_ptr<Frontend> make_lfcc_frontend(const Json& recipe) {
  std::vector<std::string> keys = LfccOptions::keys();
  keys.insert(keys.end(), {"name", "frames", "wave_samples"});
  const OptionReader reader(recipe["input"]["frontend"], "input.frontend", keys);
  LfccOptions options;
  options.sample_rate = recipe["input"]["sample_rate"].get<double>();
  options.read(reader);
  int64_t frames = 750;
  int64_t wave_samples = 64600;
  reader.integer("frames", frames, 1, 1 << 20);
  reader.integer("wave_samples", wave_samples, 1, 1 << 24);
  return std::make_unique<LfccFrontend>(options, static_cast<size_t>(wave_samples), frames,
                                        recipe["train"]["crop"] == "random");
}

}  // namespace bonafide
