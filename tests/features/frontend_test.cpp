#include "features/frontend.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "base/error.h"
#include "base/recipe.h"

namespace bonafide {
namespace {

std::unique_ptr<Frontend> frontend(const std::string& recipe,
                                   const std::vector<std::string>& overrides = {}) {
  return make_frontend(Recipe::load(recipe, overrides).json());
}

std::vector<float> noise(size_t length) {
  Random random(5);
  std::vector<float> samples(length);
  for (float& x : samples) x = static_cast<float>(random.uniform(-0.1, 0.1));
  return samples;
}

TEST(WaveformFrontend, RepeatsAShortSignal) {
  const std::vector<float> samples = {1, 2, 3};

  const auto input = frontend("aasist", {"input.samples=5"})->for_scoring(samples);

  EXPECT_TRUE(torch::equal(input.wave, torch::tensor({1.0f, 2.0f, 3.0f, 1.0f, 2.0f})));
  EXPECT_FALSE(input.features.defined());
}

TEST(WaveformFrontend, CropsAtRandomOnlyInTraining) {
  const auto samples = noise(1000);
  const auto waves = frontend("aasist", {"input.samples=100"});
  Random random(1);

  EXPECT_TRUE(torch::equal(waves->for_scoring(samples).wave, waves->for_scoring(samples).wave));
  EXPECT_FALSE(torch::equal(waves->for_training(samples, random).wave,
                            waves->for_training(samples, random).wave));
}

TEST(LogPowerFrontend, ScoresAllThatItsFramesReachToAndNoMore) {
  auto samples = noise(100000);
  const auto spectra = frontend("lcnn");
  const auto whole = spectra->for_scoring(samples).features;
  EXPECT_EQ(whole.sizes(), (std::vector<int64_t>{863, 600}));

  samples.resize(78732);  // input.samples of the recipe
  EXPECT_TRUE(torch::equal(spectra->for_scoring(samples).features, whole));
  samples.resize(78731);
  EXPECT_FALSE(torch::equal(spectra->for_scoring(samples).features, whole));
}

TEST(LogPowerFrontend, AddsNoiseOrMasksAsOftenAsTold) {
  const auto samples = noise(80000);
  const auto clean = frontend(
      "lcnn", {"train.crop=first", "train.noise.probability=0", "train.masks.probability=0"});
  const auto noisy = frontend(
      "lcnn", {"train.crop=first", "train.noise.probability=1", "train.masks.probability=0"});
  const auto masks = frontend(
      "lcnn", {"train.crop=first", "train.noise.probability=0", "train.masks.probability=1"});
  Random random(2);
  const auto want = clean->for_scoring(samples).features;

  EXPECT_TRUE(torch::equal(clean->for_training(samples, random).features, want));
  EXPECT_FALSE(torch::equal(noisy->for_training(samples, random).features, want));
  const auto masked = masks->for_training(samples, random).features;
  EXPECT_TRUE(torch::equal(masked.masked_select(masked != 0), want.masked_select(masked != 0)));
  EXPECT_GT((masked == 0).sum().item<int64_t>(), 0);
}

TEST(LfccFrontend, ScoresAllThatItsFramesReachToAndNoMore) {
  auto samples = noise(200000);
  const auto both = frontend("s2pecnet");
  const auto whole = both->for_scoring(samples);
  EXPECT_EQ(whole.wave.size(0), 64600);
  EXPECT_EQ(whole.features.sizes(), (std::vector<int64_t>{60, 750}));

  samples.resize(120480);  // input.samples of the recipe
  EXPECT_TRUE(torch::equal(both->for_scoring(samples).features, whole.features));
  samples.resize(120479);
  EXPECT_FALSE(torch::equal(both->for_scoring(samples).features, whole.features));
}

TEST(LfccFrontend, CropsItsTwoInputsAtPlacesOfTheirOwn) {
  const auto samples = noise(200000);
  const auto both = frontend("s2pecnet");
  Random random(4);

  const auto first = both->for_training(samples, random);
  const auto second = both->for_training(samples, random);

  EXPECT_FALSE(torch::equal(first.wave, second.wave));
  EXPECT_FALSE(torch::equal(first.features, second.features));
}

TEST(Frontends, RefuseANameOrAnOptionThatThereIsNot) {
  EXPECT_THROW(frontend("aasist", {"input.frontend.name=mel"}), UsageError);
  EXPECT_THROW(frontend("aasist", {"input.frontend.frames=3"}), UsageError);
  EXPECT_THROW(frontend("lcnn", {"input.frontend.hop=3"}), UsageError);
}

TEST(NetworkInput, StacksUtterancesIntoABatch) {
  const NetworkInput batch =
      stack({NetworkInput(torch::ones({4})), NetworkInput(torch::zeros({4}))});

  EXPECT_EQ(batch.size(), 2);
  EXPECT_EQ(batch.wave.sizes(), (std::vector<int64_t>{2, 4}));
  EXPECT_FALSE(batch.features.defined());
}

}  // namespace
}  // namespace bonafide
