#include "features/feature_cache.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <filesystem>
#include <fstream>

#include "base/json_value.h"
#include "features/frontend.h"
#include "recipe/recipe.h"
#include "scratch.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

std::vector<float> noise(uint64_t seed) {
  Random random(seed);
  std::vector<float> samples(20000);
  for (float& x : samples) x = static_cast<float>(random.uniform(-0.1, 0.1));
  return samples;
}

size_t files_in(const fs::path& folder) {
  size_t count = 0;
  if (!fs::exists(folder)) return 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    count += entry.is_regular_file() ? 1 : 0;
  }
  return count;
}

TEST(FeatureCache, MakesFeaturesOnceForTheSameSamplesAndOptions) {
  const Scratch scratch;
  const auto samples = noise(1);
  const auto wanted = torch::randn({3, 5}, torch::kFloat64);
  int made = 0;
  const auto make = [&] {
    ++made;
    return wanted;
  };
  for (int i = 0; i < 3; ++i) {
    const FeatureCache cache(scratch / "c", {{"bins", 3}});
    const auto features = cache.recall(samples, make);
    EXPECT_TRUE(torch::equal(features, wanted));
    EXPECT_EQ(features.dtype(), torch::kFloat64);
  }
  EXPECT_EQ(made, 1);

  FeatureCache(scratch / "c", {{"bins", 4}}).recall(samples, make);
  FeatureCache(scratch / "c", {{"bins", 3}}).recall(noise(2), make);
  EXPECT_EQ(made, 3);
}

TEST(FeatureCache, MakesADamagedEntryAnew) {
  const Scratch scratch;
  const FeatureCache cache(scratch / "c", {});
  const auto make = [] { return torch::ones({2, 2}); };
  cache.recall(noise(1), make);
  for (const auto& entry : fs::recursive_directory_iterator(scratch / "c")) {
    if (entry.is_regular_file()) fs::resize_file(entry.path(), entry.file_size() - 1);
  }

  EXPECT_TRUE(torch::equal(cache.recall(noise(1), make), torch::ones({2, 2})));
}

// Both front ends with features give the same with a cache as without, the second time too.
class CachedFrontend : public testing::TestWithParam<const char*> {};

TEST_P(CachedFrontend, GivesTheSameInputsToTheBit) {
  const Scratch scratch;
  const std::string folder = (scratch / "c").string();
  const Json input = Recipe::load(GetParam(), {}).at("input");
  const FrontendUse training = {.plain_waveforms = true, .random_frames = true};
  FrontendUse keeping = training;
  keeping.kept_features = folder;
  const auto plain = make_frontend(input, training);
  const auto samples = noise(1);
  for (int i = 0; i < 2; ++i) {
    const auto cached = make_frontend(input, keeping);
    Random one(9), two(9);
    EXPECT_TRUE(
        torch::equal(cached->make(samples, &one).features, plain->make(samples, &two).features));
    EXPECT_TRUE(torch::equal(cached->make(samples, nullptr).features,
                             plain->make(samples, nullptr).features));
  }
  EXPECT_EQ(files_in(folder), 1U);
}

TEST_P(CachedFrontend, KeepsNothingOfRecordingsThatChanceHasChanged) {
  const Scratch scratch;
  const std::string folder = (scratch / "c").string();
  const auto cached = make_frontend(Recipe::load(GetParam(), {}).at("input"), {folder});
  Random random(9);

  cached->make(noise(1), &random);
  EXPECT_EQ(files_in(folder), 0U);
  cached->make(noise(1), nullptr);
  EXPECT_EQ(files_in(folder), 1U);
}

INSTANTIATE_TEST_SUITE_P(Recipes, CachedFrontend, testing::Values("lcnn", "s2pecnet"));

}  // namespace
}  // namespace bonafide
