#include "features/log_power_frontend.h"

#include "base/json_value.h"
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
};

class LogPowerFrontend : public Frontend {
 public:
  LogPowerFrontend(const Options& options, const FrontendUse& use,
                   std::unique_ptr<FeatureCache> cache)
      : options_(options), use_(use), cache_(std::move(cache)) {}

  NetworkInput make(std::span<const float> samples, Random* random) const override {
    if (random != nullptr) return made_by_chance(samples, *random);
    return {{}, first_frames(plain_spectrogram(samples, cache_.get()), options_.frames)};
  }

 private:
  NetworkInput made_by_chance(std::span<const float> samples, Random& random) const {
    auto map = random.uniform() < use_.noise_probability
                   ? spectrogram(with_noise(tensor_of(samples), random))
                   : plain_spectrogram(samples, use_.plain_waveforms ? cache_.get() : nullptr);
    if (random.uniform() < use_.mask_probability) {
      const Mask rows = draw_mask(use_.widest_rows, map.size(0), random);
      map = masked(map, rows, draw_mask(use_.widest_frames, map.size(1), random));
    }
    return {{},
            use_.random_frames ? random_frames(map, options_.frames, random)
                               : first_frames(map, options_.frames)};
  }

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
      samples[i] += static_cast<float>(use_.noise_scale * random.normal());
    }
    return wave;
  }

  const Options options_;
  const FrontendUse use_;
  const std::unique_ptr<FeatureCache> cache_;
};

}  // namespace

std::unique_ptr<Frontend> make_log_power_frontend(const Json& input, const FrontendUse& use) {
  std::vector<std::string> keys = LogPowerOptions::keys();
  keys.insert(keys.end(), {"name", "frames"});
  const OptionReader reader(input["frontend"], "input.frontend", keys);
  Options options;
  options.spectrogram.read(reader);
  reader.integer("frames", options.frames, 1, 1 << 20);
  return std::make_unique<LogPowerFrontend>(options, use, make_feature_cache(input, use));
}

}  // namespace bonafide
