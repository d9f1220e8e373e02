#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "error_text.h"
#include "loading/speaker_sampler.h"

namespace bonafide {
namespace {

// 12 speakers with 5, 6, ... utterances.
std::vector<int64_t> speakers() {
  std::vector<int64_t> list;
  for (int64_t speaker = 0; speaker < 12; ++speaker) {
    list.insert(list.end(), static_cast<size_t>(5 + speaker), speaker);
  }
  return list;
}

TEST(SpeakerTuples, AreOfOneSpeakerAndNeverMeetAnotherOfTheirBatch) {
  const auto whose = speakers();
  const SpeakerSamplerOptions options{.utterances_per_speaker = 3, .speakers_per_batch = 4};

  const auto tuples = speaker_tuples(whose, options, 5);

  ASSERT_GE(tuples.size(), 12U);
  EXPECT_EQ(tuples.size() % 4, 0U);
  std::set<int64_t> used;
  for (size_t batch = 0; batch < tuples.size(); batch += 4) {
    std::set<int64_t> met;
    for (size_t i = batch; i < batch + 4; ++i) {
      for (const int64_t utterance : tuples[i]) {
        EXPECT_EQ(whose[static_cast<size_t>(utterance)],
                  whose[static_cast<size_t>(tuples[i].front())]);
        EXPECT_TRUE(used.insert(utterance).second) << utterance;
      }
      met.insert(whose[static_cast<size_t>(tuples[i].front())]);
    }
    EXPECT_EQ(met.size(), 4U);
  }
}

TEST(SpeakerTuples, TakeNoMoreOfASpeakerThanAllowed) {
  const auto whose = speakers();
  const SpeakerSamplerOptions options{.speakers_per_batch = 2, .max_utterances_per_speaker = 5};

  std::map<int64_t, int> taken;
  for (const Tuple& tuple : speaker_tuples(whose, options, 5)) {
    taken[whose[static_cast<size_t>(tuple.front())]] += 2;
  }

  EXPECT_EQ(taken.size(), 12U);
  for (const auto& [speaker, utterances] : taken) EXPECT_LE(utterances, 4) << speaker;
}

TEST(SpeakerTuples, DifferFromSeedToSeedAndAreTheSameForTheSame) {
  const auto whose = speakers();
  EXPECT_EQ(speaker_tuples(whose, {.speakers_per_batch = 4}, 5),
            speaker_tuples(whose, {.speakers_per_batch = 4}, 5));
  EXPECT_NE(speaker_tuples(whose, {.speakers_per_batch = 4}, 5),
            speaker_tuples(whose, {.speakers_per_batch = 4}, 6));
}

TEST(SpeakerTuples, OfTooFewSpeakersFillNoBatch) {
  EXPECT_TRUE(speaker_tuples(std::vector<int64_t>(10, 0), {.speakers_per_batch = 2}, 1).empty());
  EXPECT_TRUE(speaker_tuples({}, {.speakers_per_batch = 2}, 1).empty());
}

TEST(SpeakerAndSpoofTuples, PutBonaFideSpeakersBeforeSpoofedOnes) {
  const auto whose = speakers();
  std::vector<bool> spoof(whose.size());
  for (size_t i = 0; i < spoof.size(); ++i) spoof[i] = i % 2 == 1;
  const SpeakerSamplerOptions options{.speakers_per_batch = 3, .spoof_tuples_per_batch = 3};

  const auto tuples = speaker_and_spoof_tuples(whose, spoof, options, 5);

  ASSERT_GE(tuples.size(), 18U);
  for (size_t i = 0; i < tuples.size(); ++i) {
    const auto first = static_cast<size_t>(tuples[i][0]),
               second = static_cast<size_t>(tuples[i][1]);
    EXPECT_EQ(whose[first], whose[second]);
    EXPECT_EQ(spoof[first], i % 6 >= 3) << i;
    EXPECT_EQ(spoof[second], i % 6 >= 3) << i;
  }
}

TEST(SpeakerAndSpoofTuples, GiveASpeakerWithoutSpoofsNoStalePairs) {
  std::vector<int64_t> whose;
  std::vector<bool> spoof;
  for (int64_t speaker = 0; speaker < 4; ++speaker) {
    for (int i = 0; i < 8; ++i) {
      whose.push_back(speaker);
      spoof.push_back(speaker != 1 && i % 2 == 0);
    }
  }
  const SpeakerSamplerOptions options{.speakers_per_batch = 2, .spoof_tuples_per_batch = 2};
  for (uint64_t seed = 0; seed < 5; ++seed) {
    std::set<int64_t> used;
    for (const Tuple& tuple : speaker_and_spoof_tuples(whose, spoof, options, seed)) {
      for (const int64_t utterance : tuple) EXPECT_TRUE(used.insert(utterance).second);
    }
  }
}

TEST(SpeakerAndSpoofTuples, RefuseWhatMakesNoBatch) {
  const std::vector<int64_t> whose = {0, 0};
  EXPECT_THROW(speaker_tuples(whose, {.utterances_per_speaker = 0}, 1), UsageError);
  EXPECT_THROW(speaker_tuples(whose, {.speakers_per_batch = 0}, 1), UsageError);
  EXPECT_THROW(speaker_and_spoof_tuples(whose, {false, true}, {}, 1), UsageError);
  EXPECT_THROW(speaker_and_spoof_tuples(whose, {false}, {.spoof_tuples_per_batch = 1}, 1),
               UsageError);
}

TEST(NumberSpeakers, GoesByName) {
  std::vector<Trial> trials(3);
  trials[0].speaker = "b";
  trials[1].speaker = "a";
  trials[2].speaker = "b";
  EXPECT_EQ(number_speakers(trials), (std::vector<int64_t>{1, 0, 1}));
  trials[1].speaker = "";
  EXPECT_THROW(number_speakers(trials), UsageError);
}

}  // namespace
}  // namespace bonafide
