#include "loading/loading.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "scratch.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

class KeptFeatures : public testing::Test {
 protected:
  // How many features are kept after one recording was trained on.
  size_t kept(std::vector<std::string> overrides) const {
    const fs::path folder = scratch_ / std::to_string(++times_);
    overrides.push_back("loader.features=" + folder.string());
    const auto frontend = make_training_frontend(Recipe::load("lcnn", overrides));
    Random random(9);
    std::vector<float> samples(20000);
    for (float& x : samples) x = static_cast<float>(random.uniform(-0.1, 0.1));
    frontend->make(samples, &random);
    size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    return files;
  }

  const Scratch scratch_;
  mutable int times_ = 0;
};

TEST_F(KeptFeatures, ServeTrainingWhereNothingRandomIsDoneToTheWaveform) {
  EXPECT_EQ(kept({"train.noise.probability=0"}), 1U);
  EXPECT_EQ(kept({"train.noise.probability=0", "train.early_crop.stretch=middle"}), 1U);
}

TEST_F(KeptFeatures, AreNotOfWaveformsThatChanceHasChanged) {
  EXPECT_EQ(kept({"train.noise.probability=1"}), 0U);
  EXPECT_EQ(kept({"train.noise.probability=0", "augment.steps=[mu_law]"}), 0U);
  EXPECT_EQ(kept({"train.noise.probability=0", "train.early_crop.stretch=random"}), 0U);
}

TEST(FrontendOf, RefusesChancesThatAreNone) {
  EXPECT_THROW(make_training_frontend(Recipe::load("lcnn", {"train.noise.probability=2"})),
               UsageError);
  EXPECT_THROW(make_training_frontend(Recipe::load("lcnn", {"train.masks.rows=-1"})), UsageError);
}

TEST(LoaderOptions, CutEarlyToALengthOfTheirOwn) {
  const auto alone = join({}, torch::kCPU);
  const Recipe plain = Recipe::load("aasist", {"train.early_crop.stretch=middle"});
  const Recipe other =
      Recipe::load("aasist", {"train.early_crop.stretch=middle", "train.early_crop.samples=32000"});

  EXPECT_EQ(loader_options(plain, *alone, nullptr, nullptr).early_crop->samples, 64600U);
  EXPECT_EQ(loader_options(other, *alone, nullptr, nullptr).early_crop->samples, 32000U);
}

}  // namespace
}  // namespace bonafide
