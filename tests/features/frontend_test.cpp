#include "features/frontend.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "base/error.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

std::unique_ptr<Frontend> frontend(const std::string& recipe,
                                   const std::vector<std::string>& overrides = {},
                                   const FrontendUse& use = {}) {
  return make_frontend(Recipe::load(recipe, overrides).at("input"), use);
}

std::vector<float> noise(size_t length) {
  Random random(5);
  std::vector<float> samples(length);
  for (float& x : samples) x = static_cast<float>(random.uniform(-0.1, 0.1));
  return samples;
}

TEST(WaveformFrontend, RepeatsAShortSignal) {
  const std::vector<float> samples = {1, 2, 3};

  const auto input = frontend("aasist", {"input.samples=5"})->make(samples, nullptr);

  EXPECT_TRUE(torch::equal(input.wave, torch::tensor({1.0f, 2.0f, 3.0f, 1.0f, 2.0f})));
  EXPECT_FALSE(input.features.defined());
}

TEST(WaveformFrontend, FillsWithZerosOrNotAtAllWhenTold) {
  const std::vector<float> samples = {1, 2, 3};
  const auto zeros = frontend("aasist", {"input.samples=5", "input.crop.fill=zeros"});
  const auto none = frontend("aasist", {"input.samples=5", "input.crop.fill=none"});

  EXPECT_TRUE(torch::equal(zeros->make(samples, nullptr).wave,
                           torch::tensor({1.0f, 2.0f, 3.0f, 0.0f, 0.0f})));
  EXPECT_TRUE(torch::equal(none->make(samples, nullptr).wave, torch::tensor({1.0f, 2.0f, 3.0f})));
  EXPECT_TRUE(zeros->gives_one_size());
  EXPECT_FALSE(none->gives_one_size());
}

TEST(WaveformFrontend, EmphasisesBeforeItRepeats) {
  const auto frontend = make_frontend(
      {{"samples", 5}, {"crop", Json::object()}, {"frontend", {{"pre_emphasis", 0.5}}}});
  const std::vector<float> samples = {2, 2, 4};

  EXPECT_TRUE(
      frontend->make(samples, nullptr).wave.equal(torch::tensor({2.0, 1.0, 3.0, 2.0, 1.0})));
}

TEST(WaveformFrontend, TakesWholeRecordingsAsTheyAre) {
  const auto whole = frontend("aasist", {"input.samples=5", "input.crop.stretch=whole"});

  EXPECT_EQ(whole->make(noise(7), nullptr).wave.size(0), 5) << "the most that is looked at";
  EXPECT_EQ(whole->make(noise(2), nullptr).wave.size(0), 2);
  EXPECT_FALSE(whole->gives_one_size());
}

TEST(Stack, PutsZerosBehindShorterWaveformsAndSaysHowLongTheyAre) {
  const NetworkInput batch = stack({torch::tensor({1.0f, 2.0f, 3.0f}), torch::tensor({4.0f})});

  EXPECT_TRUE(torch::equal(batch.wave, torch::tensor({{1.0f, 2.0f, 3.0f}, {4.0f, 0.0f, 0.0f}})));
  EXPECT_TRUE(torch::equal(batch.length, torch::tensor({int64_t{3}, int64_t{1}})));
  EXPECT_FALSE(stack({torch::zeros(2), torch::zeros(2)}).length.defined());
}

TEST(Stack, RefusesFeaturesOfDifferentSizes) {
  EXPECT_THROW(stack({{{}, torch::zeros({2, 3})}, {{}, torch::zeros({2, 4})}}), Error);
}

TEST(LogPowerFrontend, ScoresAllThatItsFramesReachToAndNoMore) {
  auto samples = noise(100000);
  const auto spectra = frontend("lcnn");
  const auto whole = spectra->make(samples, nullptr).features;
  EXPECT_EQ(whole.sizes(), (std::vector<int64_t>{863, 600}));

  samples.resize(78732);  // input.samples of the recipe
  EXPECT_TRUE(torch::equal(spectra->make(samples, nullptr).features, whole));
  samples.resize(78731);
  EXPECT_FALSE(torch::equal(spectra->make(samples, nullptr).features, whole));
}

TEST(LogPowerFrontend, AddsNoiseOrMasksAsOftenAsTold) {
  const auto samples = noise(80000);
  FrontendUse often;
  often.noise_scale = 0.005;
  often.widest_rows = often.widest_frames = 40;
  FrontendUse with_noise = often, with_masks = often;
  with_noise.noise_probability = 1;
  with_masks.mask_probability = 1;
  const auto clean = frontend("lcnn", {}, often);
  const auto noisy = frontend("lcnn", {}, with_noise);
  const auto masks = frontend("lcnn", {}, with_masks);
  Random random(2);
  const auto want = clean->make(samples, nullptr).features;

  EXPECT_TRUE(torch::equal(clean->make(samples, &random).features, want));
  EXPECT_FALSE(torch::equal(noisy->make(samples, &random).features, want));
  const auto masked = masks->make(samples, &random).features;
  EXPECT_TRUE(torch::equal(masked.masked_select(masked != 0), want.masked_select(masked != 0)));
  EXPECT_GT((masked == 0).sum().item<int64_t>(), 0);
}

TEST(LfccFrontend, ScoresAllThatItsFramesReachToAndNoMore) {
  auto samples = noise(200000);
  const auto both = frontend("s2pecnet");
  const auto whole = both->make(samples, nullptr);
  EXPECT_EQ(whole.wave.size(0), 64600);
  EXPECT_EQ(whole.features.sizes(), (std::vector<int64_t>{60, 750}));

  samples.resize(120480);  // input.samples of the recipe
  EXPECT_TRUE(torch::equal(both->make(samples, nullptr).features, whole.features));
  samples.resize(120479);
  EXPECT_FALSE(torch::equal(both->make(samples, nullptr).features, whole.features));
}

TEST(LfccFrontend, CropsItsTwoInputsAtPlacesOfTheirOwn) {
  const auto samples = noise(200000);
  FrontendUse use;
  use.random_frames = true;
  const auto both = frontend("s2pecnet", {}, use);
  Random random(4);

  const auto first = both->make(samples, &random);
  const auto second = both->make(samples, &random);

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
