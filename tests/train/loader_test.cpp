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

TEST_F(LoaderTest, SharesEveryJoinedBatchAmongTheProcesses) {
  options_.batch_size = 8;
  const Epoch whole = read(0);

  options_.batch_size = 4;
  options_.size = 2;
  const Epoch first = read(0);
  options_.rank = 1;
  const Epoch second = read(0);

  ASSERT_EQ(first.numbers.size(), 20U);
  for (size_t i = 0; i < whole.numbers.size(); ++i) {
    const size_t batch = i / 8, row = i % 8;
    const auto& process = row < 4 ? first : second;
    EXPECT_EQ(process.numbers[4 * batch + row % 4], whole.numbers[i]) << i;
  }
}

// Makes each waveform one number, drawn.
class Drawn : public Augmentation {
 public:
  Waveform apply(Waveform waveform, Random& random) const override {
    std::fill(waveform.samples.begin(), waveform.samples.end(),
              static_cast<float>(random.below(30000)) / 32768);
    return waveform;
  }
};

TEST_F(LoaderTest, AugmentsAlikeWhateverTheThreadsAndAnewInEachEpoch) {
  const Drawn augmentation;
  options_.augmentation = &augmentation;
  options_.threads = 1;
  const Epoch one = read(0);
  options_.threads = 3;
  const Epoch three = read(0);

  EXPECT_EQ(one.numbers, three.numbers);
  EXPECT_NE(read(1).numbers, one.numbers);
}

TEST_F(LoaderTest, CropsAnUtteranceThatIsDrawnTwiceInTwoWays) {
  const Drawn augmentation;
  options_.augmentation = &augmentation;
  options_.balanced = true;

  std::vector<int> numbers = read(0).numbers;  // 40 draws, about 20 of them of 5 bona fide ones

  std::sort(numbers.begin(), numbers.end());
  const auto kinds = std::unique(numbers.begin(), numbers.end()) - numbers.begin();
  EXPECT_GT(kinds, 35);
}

}  // namespace
}  // namespace bonafide
