#include "features/log_power_frontend.h"

#include "base/options.h"
#include "features/feature_cache.h"
#include "features/frames.h"
#include "features/log_power.h"
#include "features/spec_augment.h"

namespace bonafide {

namespace {

struct Options {
  LogPowerOptions spectrogram;
  int64_t frames = 600;
  bool random_crop = true;
  double noise_probability = 0;
  double noise_scale = 0;  // standard deviation
  double mask_probability = 0;
  int64_t widest_rows = 0;
  int64_t widest_frames = 0;
};

class LogPowerFrontend : public Frontend {
 public:
  LogPowerFrontend(const Options& options, const Json& recipe)
      : options_(options),
        cache_(make_feature_cache(recipe)),
        cache_training_(trains_on_plain_waveforms(recipe)) {}

  NetworkInput for_scoring(std::span<const float> samples) const override {
    return {{}, first_frames(plain_spectrogram(samples, cache_.get()), options_.frames)};
  }

  NetworkInput for_training(std::span<const float> samples, Random& random) const override {
    auto map = random.uniform() < options_.noise_probability
                   ? spectrogram(with_noise(tensor_of(samples), random))
                   : plain_spectrogram(samples, cache_training_ ? cache_.get() : nullptr);
    if (random.uniform() < options_.mask_probability) {
      const Mask rows = draw_mask(options_.widest_rows, map.size(0), random);
      map = masked(map, rows, draw_mask(options_.widest_frames, map.size(1), random));
    }
    return {{},
            options_.random_crop ? random_frames(map, options_.frames, random)
                                 : first_frames(map, options_.frames)};
  }

 private:
  static Mask draw_mask(int64_t widest, int64_t length, Random& random) {
    return draw_lcnn_mask(static_cast<size_t>(widest), static_cast<size_t>(length), random);
  }

  static torch::Tensor tensor_of(std::span<const float> samples) {
    return torch::tensor(c10::ArrayRef<float>(samples.data(), samples.size()));
  }

  torch::Tensor spectrogram(const torch::Tensor& wave) const {
    return log_power_spectrogram(wave, options_.spectrogram);
  }

  torch::Tensor plain_spectrogram(std::span<const float> samples, const FeatureCache* cache) const {
    const auto make = [&] { return spectrogram(tensor_of(samples)); };
    return cache == nullptr ? make() : cache->recall(samples, make);
  }

  torch::Tensor with_noise(torch::Tensor wave, Random& random) const {
    float* samples = wave.data_ptr<float>();
    for (int64_t i = 0; i < wave.numel(); ++i) {
      samples[i] += static_cast<float>(options_.noise_scale * random.normal());
    }
    return wave;
  }

  Options options_;
  std::unique_ptr<FeatureCache> cache_;
  bool cache_training_;
};

}  // namespace

std::unique_ptr<Frontend> make_log_power_frontend(const Json& recipe) {
  std::vector<std::string> keys = LogPowerOptions::keys();
  keys.insert(keys.end(), {"name", "frames"});
  const OptionReader reader(recipe["input"]["frontend"], "input.frontend", keys);
  Options options;
  options.spectrogram.read(reader);
  reader.integer("frames", options.frames, 1, 1 << 20);

  const Json& train = recipe["train"];
  options.random_crop = train["crop"] == "random";
  const OptionReader noise(train["noise"], "train.noise", {"probability", "scale"});
  noise.number("probability", options.noise_probability, 0, 1);
  noise.number("scale", options.noise_scale, 0, 1);
  const OptionReader masks(train["masks"], "train.masks", {"probability", "rows", "frames"});
  masks.number("probability", options.mask_probability, 0, 1);
  masks.integer("rows", options.widest_rows, 0, 1 << 20);
  masks.integer("frames", options.widest_frames, 0, 1 << 20);
  return std::make_unique<LogPowerFrontend>(options, recipe);
}

}  // namespace bonafide
