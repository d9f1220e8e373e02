#include "train/loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "audio/sound_files.h"

namespace bonafide {
namespace {

// Gives the first sample alone.
class FirstSample : public Frontend {
 public:
  NetworkInput for_scoring(std::span<const float> samples) const override {
    return torch::full({1}, samples.front());
  }
  NetworkInput for_training(std::span<const float> samples, Random&) const override {
    return for_scoring(samples);
  }
};

// 40 recordings, one in eight bona fide; each begins with its number.
class LoaderTest : public testing::Test {
 protected:
  void SetUp() override {
    for (int16_t i = 0; i < 40; ++i) {
      const auto path = folder_ / ("u" + std::to_string(i) + ".wav");
      std::vector<int16_t> samples(400, 50);
      samples[0] = i;
      write_bytes(path, Wav{.samples = samples}.bytes());
      trials_.push_back(
          {path.filename(), path, i % 8 == 0 ? Label::kBonaFide : Label::kSpoof, "", "", ""});
    }
    options_.batch_size = 8;
  }

  struct Epoch {
    std::vector<int> numbers;
    int64_t bona_fide = 0;
  };

  Epoch read(uint64_t number) const {
    const FirstSample frontend;
    EpochLoader loader(trials_, frontend, options_, number);
    Epoch epoch;
    while (const auto batch = loader.next()) {
      for (int64_t i = 0; i < batch->input.size(); ++i) {
        epoch.numbers.push_back(static_cast<int>(batch->input.wave[i][0].item<float>() * 32768));
      }
      epoch.bona_fide += batch->label.sum().item<int64_t>();
    }
    return epoch;
  }

  TemporaryFolder folder_;
  std::vector<Trial> trials_;
  LoaderOptions options_;
};

TEST_F(LoaderTest, GivesEachUtteranceOnceInAnotherOrderInEachEpoch) {
  Epoch first = read(0);
  const Epoch second = read(1);

  EXPECT_NE(first.numbers, second.numbers);
  std::sort(first.numbers.begin(), first.numbers.end());
  std::vector<int> all(40);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(first.numbers, all);
}

TEST_F(LoaderTest, DrawsBothClassesEquallyOftenWhenBalanced) {
  options_.balanced = true;
  int64_t bona_fide = 0;
  for (uint64_t i = 0; i < 20; ++i) bona_fide += read(i).bona_fide;

  // 800 draws with a chance of one half: a standard deviation of 14.
  EXPECT_NEAR(static_cast<double>(bona_fide), 400, 70);
  EXPECT_EQ(read(0).numbers.size(), 40U);
}

}  // namespace
}  // namespace bonafide
