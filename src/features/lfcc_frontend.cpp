#include "features/lfcc_frontend.h"

#include "audio/crop.h"
#include "base/json_value.h"
#include "base/options.h"
#include "features/feature_cache.h"
#include "features/frames.h"
#include "features/lfcc.h"

namespace bonafide {

namespace {

class LfccFrontend : public Frontend {
 public:
  LfccFrontend(const LfccOptions& options, size_t wave_samples, int64_t frames,
               const FrontendUse& use, std::unique_ptr<FeatureCache> cache)
      : options_(options),
        wave_samples_(wave_samples),
        frames_(frames),
        use_(use),
        cache_(std::move(cache)) {}

  NetworkInput make(std::span<const float> samples, Random* random) const override {
    const bool kept = random == nullptr || use_.plain_waveforms;
    const FeatureCache* const cache = kept ? cache_.get() : nullptr;
    if (random == nullptr || !use_.random_frames) return first(samples, cache);
    const auto wave = torch::tensor(crop_random(samples, wave_samples_, *random));
    const auto features = random_frames(coefficients(samples, cache), frames_, *random);
    return {wave, features.to(torch::kFloat32)};
  }

 private:
  NetworkInput first(std::span<const float> samples, const FeatureCache* cache) const {
    return {torch::tensor(crop_first(samples, wave_samples_)),
            first_frames(coefficients(samples, cache), frames_).to(torch::kFloat32)};
  }

  torch::Tensor coefficients(std::span<const float> samples, const FeatureCache* cache) const {
    const auto make = [&] {
      return lfcc(torch::tensor(c10::ArrayRef<float>(samples.data(), samples.size())), options_);
    };
    return cache == nullptr ? make() : cache->recall(samples, make);
  }

  LfccOptions options_;
  size_t wave_samples_;
  int64_t frames_;
  const FrontendUse use_;
  const std::unique_ptr<FeatureCache> cache_;
};

}  // namespace

std::unique_ptr<Frontend> make_lfcc_frontend(const Json& input, const FrontendUse& use) {
  std::vector<std::string> keys = LfccOptions::keys();
  keys.insert(keys.end(), {"name", "frames", "wave_samples"});
  const OptionReader reader(input["frontend"], "input.frontend", keys);
  LfccOptions options;
  options.sample_rate = input["sample_rate"].get<double>();
  options.read(reader);
  int64_t frames = 750;
  int64_t wave_samples = 64600;
  reader.integer("frames", frames, 1, 1 << 20);
  reader.integer("wave_samples", wave_samples, 1, 1 << 24);
  return std::make_unique<LfccFrontend>(options, static_cast<size_t>(wave_samples), frames, use,
                                        make_feature_cache(input, use));
}

}  // namespace bonafide
