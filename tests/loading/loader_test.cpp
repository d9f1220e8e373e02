#include "loading/loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "audio/decode.h"
#include "audio/sound_files.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "compressed.h"
#include "corpus/shard.h"
#include "corpus/tar_file.h"
#include "error_text.h"

namespace bonafide {
namespace {

// Gives the first sample alone.
class FirstSample : public Frontend {
 public:
  NetworkInput make(std::span<const float> samples, Random*) const override {
    return torch::full({1}, samples.front());
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
          {path.filename(), path, i % 8 == 0 ? Truth::kBonaFide : Truth::kSpoof, "", "", ""});
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

  Scratch folder_;
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

TEST_F(LoaderTest, SaysWhoSpeaksAndHowWideTheTuplesAre) {
  for (size_t i = 0; i < trials_.size(); ++i) trials_[i].speaker = i < 20 ? "zoe" : "ann";
  options_.sampler = Sampler::kSpeakers;
  options_.batch_size = 4;
  const FirstSample frontend;

  const auto batch = EpochLoader(trials_, frontend, options_, 0).next();

  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->tuple, 2);
  for (int64_t i = 0; i < batch->input.size(); ++i) {
    const auto number = static_cast<int>(batch->input.wave[i][0].item<float>() * 32768);
    EXPECT_EQ(batch->speaker[i].item<int64_t>(), number < 20 ? 1 : 0) << number;
  }
}

TEST_F(LoaderTest, SaysOfWhichRecordingsLessWasReadThanLiesThere) {
  const Wav wav{.data_size = 800, .samples = std::vector<int16_t>(400, 50)};
  write_bytes(trials_[5].path, wav.bytes() + std::string(100, 'x'));
  const FirstSample frontend;
  EpochLoader loader(trials_, frontend, options_, 0);
  while (loader.next()) {
  }

  ASSERT_EQ(loader.read_in_part().size(), 1U);
  EXPECT_NE(loader.read_in_part()[0].find("u5.wav: "), std::string::npos);
}

TEST_F(LoaderTest, NumbersNoSpeakersWhereOneIsUnknown) {
  trials_[0].speaker = "ann";
  const FirstSample frontend;

  EXPECT_FALSE(EpochLoader(trials_, frontend, options_, 0).next()->speaker.defined());
}

TEST_F(LoaderTest, GivesRecordingsOfUnknownLabelThatAreNoSpoofs) {
  for (Trial& trial : trials_) trial.truth = Truth::kUnknown;

  EXPECT_EQ(read(0).bona_fide, -40);
}

TEST_F(LoaderTest, ReadsCompressedArchivesInTheirOrderAlone) {
  TarFile tar;
  for (const Trial& trial : trials_) tar.add(trial.id, read_text(trial.path));
  const auto archive = folder_ / "all.tar.gz";
  write_atomically(archive, gzipped(tar.bytes()));
  trials_ = read_shard(archive);
  ASSERT_EQ(trials_.size(), 40u);
  EXPECT_THROW(batches_per_epoch(trials_, options_), UsageError);
  options_.sampler = Sampler::kShards;
  EXPECT_EQ(batches_per_epoch(trials_, options_), 5);

  auto numbers = read(0).numbers;

  EXPECT_NE(numbers, read(1).numbers);
  std::sort(numbers.begin(), numbers.end());
  std::vector<int> all(40);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(numbers, all);
}

TEST_F(LoaderTest, LeavesOutWholeTuples) {
  for (size_t i = 0; i < trials_.size(); ++i) trials_[i].speaker = i < 20 ? "a" : "b";
  options_.sampler = Sampler::kSpeakers;
  options_.batch_size = 4;
  options_.tuples.utterances_per_speaker = 2;
  options_.skip_broken = true;
  const size_t whole = read(0).numbers.size();
  write_atomically(trials_[7].path, "no recording");

  const auto numbers = read(0).numbers;

  EXPECT_EQ(numbers.size(), whole - 2);
  EXPECT_EQ(std::count(numbers.begin(), numbers.end(), 7), 0);
  for (size_t i = 0; i < numbers.size(); i += 2) {
    EXPECT_EQ(numbers[i] < 20, numbers[i + 1] < 20) << numbers[i] << " " << numbers[i + 1];
  }
}

// Also after a batch of which nothing could be read.
TEST_F(LoaderTest, GoesOnWhereItSaysThatItIs) {
  for (const size_t broken : {3, 4, 20}) write_atomically(trials_[broken].path, "no recording");
  options_.batch_size = 1;
  options_.skip_broken = true;
  const FirstSample frontend;
  EpochLoader first(trials_, frontend, options_, 0);
  std::vector<int> numbers;
  const auto number = [](const Batch& batch) {
    return static_cast<int>(batch.input.wave[0][0].item<float>() * 32768);
  };

  for (auto batch = first.next(); batch; batch = first.next()) {
    numbers.push_back(number(*batch));
    EpochLoader second(trials_, frontend, options_, 0, first.position());
    const auto next = second.next();
    EpochLoader third(trials_, frontend, options_, 0, first.position() - 1);
    EXPECT_EQ(number(third.next().value()), numbers.back());
    EXPECT_NE(next ? number(*next) : -1, numbers.back());
  }
  EXPECT_EQ(numbers.size(), 37U);
  EXPECT_EQ(first.position(), 40);
}

TEST_F(LoaderTest, DrawsByWeight) {
  // 5 bona fide and 35 spoofed: 14 times 5 is twice 35. Number 3 is never drawn.
  trials_[3].speaker = "nobody";
  options_.sampler = Sampler::kWeighted;
  options_.weights = read_weight_rules(
      Json::parse(R"([{"label": "bonafide", "weight": 14}, {"speaker": "nobody", "weight": 0}])"),
      "train.weights");
  int64_t bona_fide = 0;
  for (uint64_t i = 0; i < 20; ++i) {
    const Epoch epoch = read(i);
    bona_fide += epoch.bona_fide;
    EXPECT_EQ(epoch.numbers.size(), 40u);
    EXPECT_EQ(std::count(epoch.numbers.begin(), epoch.numbers.end(), 3), 0);
  }
  // 800 draws with a chance of 70 in 104: a standard deviation of 13.
  EXPECT_NEAR(static_cast<double>(bona_fide), 538, 65);
}

// As a recipe hands them over, where everything in the list is a text.
TEST_F(LoaderTest, KnowsASpeakerWhoseNameLooksLikeANumber) {
  const auto rules =
      read_weight_rules(Json::parse(R"([{"speaker": "0012", "weight": "2.5"}])"), "train.weights");

  EXPECT_EQ(rules[0].value, "0012");
  EXPECT_EQ(rules[0].weight, 2.5);
}

TEST_F(LoaderTest, RefusesWeightsThatFitNothing) {
  const auto read_rules = [&](const char* rules) {
    options_.weights = read_weight_rules(Json::parse(rules), "train.weights");
    batches_per_epoch(trials_, options_);
  };
  const auto complaint = [&](const char* rules) {
    return error_text<UsageError>([&] { read_rules(rules); });
  };
  options_.sampler = Sampler::kWeighted;
  EXPECT_NO_THROW(read_rules("[]"));
  EXPECT_EQ(complaint(R"([{"label": "real", "weight": 2}])"),
            "train.weights: no recording has the label \"real\"");
  EXPECT_EQ(complaint(R"([{"sauce": "x", "weight": 2}])"),
            "train.weights[0]: \"sauce\" is no field of a trial");
  EXPECT_NE(complaint(R"([{"label": "spoof", "weight": -1}])").find("from 0 on"),
            std::string::npos);
  EXPECT_NE(complaint(R"(["label"])").find("a rule is {FIELD: VALUE"), std::string::npos);
  EXPECT_NE(complaint(R"([{"label": "spoof", "weight": 0}, {"label": "bonafide", "weight": 0}])")
                .find("all recordings have the weight 0"),
            std::string::npos);
}

TEST_F(LoaderTest, DrawsBothClassesEquallyOftenWhenBalanced) {
  options_.sampler = Sampler::kBalanced;
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
  options_.sampler = Sampler::kBalanced;

  std::vector<int> numbers = read(0).numbers;  // 40 draws, about 20 of them of 5 bona fide ones

  std::sort(numbers.begin(), numbers.end());
  const auto kinds = std::unique(numbers.begin(), numbers.end()) - numbers.begin();
  EXPECT_GT(kinds, 35);
}

TEST_F(LoaderTest, PutsTuplesOfASpeakerSideBySide) {
  for (size_t i = 0; i < trials_.size(); ++i) {
    trials_[i].speaker = std::to_string(i / 8);
    trials_[i].truth = i % 2 == 0 ? Truth::kBonaFide : Truth::kSpoof;
  }
  options_.sampler = Sampler::kSpeakersAndSpoofs;
  const Epoch epoch = read(0);

  ASSERT_GE(epoch.numbers.size(), 24U);
  EXPECT_EQ(epoch.numbers.size() % 8, 0U);
  EXPECT_LE(static_cast<int64_t>(epoch.numbers.size() / 8), batches_per_epoch(trials_, options_));
  for (size_t i = 0; i < epoch.numbers.size(); i += 2) {
    EXPECT_EQ(epoch.numbers[i] / 8, epoch.numbers[i + 1] / 8) << "the speaker of a pair";
    EXPECT_EQ(epoch.numbers[i] % 2, i % 8 < 4 ? 0 : 1) << "bona fide first";
  }
  EXPECT_NE(read(1).numbers, epoch.numbers);
}

TEST_F(LoaderTest, RefusesTuplesThatDoNotFitIntoTheBatch) {
  options_.sampler = Sampler::kSpeakers;
  EXPECT_THROW(read(0), UsageError) << "no speakers";
  for (Trial& trial : trials_) trial.speaker = "a";
  options_.tuples.speakers_per_batch = 3;
  EXPECT_THROW(read(0), UsageError) << "6 of 8";
  options_.tuples = {.utterances_per_speaker = 3, .speakers_per_batch = 0};
  EXPECT_THROW(read(0), UsageError) << "8 is no multiple of 3";
}

// Gives 30 samples, of which somebody else chooses the stretch or it does itself.
class RandomStretch : public Frontend {
 public:
  explicit RandomStretch(bool says_so) : says_so_(says_so) {}
  NetworkInput make(std::span<const float> samples, Random* random) const override {
    return torch::tensor(crop_random(samples, 30, *random));
  }
  std::optional<size_t> stretch() const override {
    return says_so_ ? std::optional(size_t{30}) : std::nullopt;
  }

 private:
  bool says_so_;
};

class LoaderOfNoise : public LoaderTest {
 protected:
  void SetUp() override {
    LoaderTest::SetUp();
    Random random(8);
    for (size_t i = 0; i < trials_.size(); ++i) {
      std::vector<int16_t> samples(i % 3 == 0 ? 20 : 400);
      for (int16_t& x : samples) x = static_cast<int16_t>(random.below(2000));
      write_bytes(trials_[i].path, Wav{.samples = samples}.bytes());
    }
  }

  torch::Tensor waves(const Frontend& frontend) const {
    EpochLoader loader(trials_, frontend, options_, 0);
    std::vector<torch::Tensor> waves;
    while (const auto batch = loader.next()) waves.push_back(batch->input.wave);
    return torch::cat(waves);
  }
};

TEST_F(LoaderOfNoise, DecodesOnlyTheStretchWithoutChangingWhatComesOut) {
  EXPECT_TRUE(torch::equal(waves(RandomStretch(true)), waves(RandomStretch(false))));
}

TEST_F(LoaderOfNoise, GivesTheSameFromACache) {
  const auto fresh = waves(RandomStretch(true));
  const AudioCache cache(folder_ / "cache");
  options_.cache = &cache;
  for (int time = 0; time < 2; ++time) {
    EXPECT_TRUE(torch::equal(waves(RandomStretch(true)), fresh));
    EXPECT_TRUE(torch::equal(waves(RandomStretch(false)), fresh));
  }
}

TEST_F(LoaderOfNoise, GivesAStretchWhatAFileOfItGives) {
  auto cut = trials_;
  for (size_t i = 0; i < trials_.size(); ++i) {
    const auto whole = decode(trials_[i].path, {.sample_rate = 0}).waveform.samples;
    std::vector<int16_t> part;
    for (size_t at = 100; at < whole.size() && at < 300; ++at) {
      part.push_back(static_cast<int16_t>(whole[at] * 32768));
    }
    if (part.empty()) continue;
    cut[i].path = folder_ / ("part" + std::to_string(i) + ".wav");
    write_bytes(cut[i].path, Wav{.samples = part}.bytes());
    trials_[i].excerpt = Excerpt{.begin = 100, .unit = Excerpt::Unit::kSamples};
    if (whole.size() > 300) trials_[i].excerpt->end = 300;
  }
  const auto stretches = waves(RandomStretch(true));
  EXPECT_TRUE(torch::equal(waves(RandomStretch(false)), stretches));
  const AudioCache cache(folder_ / "cache");
  options_.cache = &cache;
  for (int time = 0; time < 2; ++time) {
    EXPECT_TRUE(torch::equal(waves(RandomStretch(true)), stretches));
  }
  options_.cache = nullptr;
  trials_ = cut;
  EXPECT_TRUE(torch::equal(waves(RandomStretch(true)), stretches));
}

// Counts the samples it is given.
class Length : public Augmentation {
 public:
  Waveform apply(Waveform waveform, Random&) const override {
    const auto length = static_cast<float>(waveform.samples.size());
    std::fill(waveform.samples.begin(), waveform.samples.end(), length / 32768);
    return waveform;
  }
};

TEST_F(LoaderOfNoise, CutsBeforeTheAugmentationWhenAsked) {
  const Length augmentation;
  options_.augmentation = &augmentation;
  std::vector<int> lengths = read(0).numbers;
  std::sort(lengths.begin(), lengths.end());
  EXPECT_EQ(lengths.front(), 20);
  EXPECT_EQ(lengths.back(), 400);

  options_.early_crop = {Stretch::kMiddle, 50, Filling::kZeros};
  EXPECT_EQ(read(0).numbers, std::vector<int>(40, 50));
}

TEST_F(LoaderTest, GivesEachUtteranceAReferenceOfItsSpeaker) {
  for (size_t i = 0; i < trials_.size(); ++i) trials_[i].speaker = std::to_string(i / 8);
  const ReferenceSampler references(trials_, {.exclude_self = false});
  options_.references = &references;
  const FirstSample frontend;
  EpochLoader loader(trials_, frontend, options_, 0);
  while (const auto batch = loader.next()) {
    for (int64_t i = 0; i < batch->input.size(); ++i) {
      const auto number = static_cast<int>(batch->input.wave[i][0].item<float>() * 32768);
      const auto reference = static_cast<int>(batch->reference.wave[i][0].item<float>() * 32768);
      EXPECT_EQ(reference, number / 8 * 8);  // the speaker's only bona fide one
    }
  }
}

}  // namespace
}  // namespace bonafide
