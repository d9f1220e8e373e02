#include "corpus/reference_sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace bonafide {
namespace {

using Draw = ReferenceRules::Draw;
using Counts = std::map<std::string, int>;

constexpr ReferenceRules kAnyOfSpeaker = {Draw::kSpeaker, /*exclude_self=*/false};

// Speakers a and b with 3 and 1 bona fide recordings, and a spoof of each.
std::vector<Trial> trials_with_references() {
  std::vector<Trial> trials;
  const auto add = [&](const char* id, const char* speaker, Truth truth) {
    trials.push_back({id, id, truth, speaker, "", ""});
  };
  add("a1", "a", Truth::kBonaFide);
  add("as", "a", Truth::kSpoof);
  add("a2", "a", Truth::kBonaFide);
  add("b1", "b", Truth::kBonaFide);
  add("a3", "a", Truth::kBonaFide);
  add("bs", "b", Truth::kSpoof);
  return trials;
}

Counts drawn(const ReferenceSampler& sampler, const Trial& trial) {
  Random random(4);
  Counts counts;
  for (int i = 0; i < 3000; ++i) ++counts[sampler.draw(trial, random).name()];
  return counts;
}

TEST(ReferenceSampler, DrawsEveryBonaFideRecordingOfTheSpeakerEquallyOften) {
  auto trials = trials_with_references();
  trials.push_back(trials[0]);  // a recording may have several trials
  const ReferenceSampler sampler(trials, kAnyOfSpeaker);

  for (const size_t trial : {size_t{0}, size_t{1}}) {
    const auto counts = drawn(sampler, trials[trial]);
    EXPECT_EQ(counts.size(), 3U);
    // 3000 draws of a third: a standard deviation of 26.
    for (const char* id : {"a1", "a2", "a3"}) EXPECT_NEAR(counts.at(id), 1000, 130) << id;
  }
  EXPECT_EQ(drawn(sampler, trials[5]), (Counts{{"b1", 3000}}));
  EXPECT_EQ(drawn(sampler, trials[3]), (Counts{{"b1", 3000}}));
}

TEST(ReferenceSampler, LeavesOutTheRecordingItselfWhenAsked) {
  const auto trials = trials_with_references();
  const ReferenceSampler sampler(trials, {});

  const auto counts = drawn(sampler, trials[2]);
  EXPECT_EQ(counts.size(), 2U);
  EXPECT_NEAR(counts.at("a1"), 1500, 140);
  EXPECT_NEAR(counts.at("a3"), 1500, 140);
  EXPECT_EQ(drawn(sampler, trials[1]).size(), 3U);
}

TEST(ReferenceSampler, SaysForWhichTrialThereIsNone) {
  auto trials = trials_with_references();
  EXPECT_EQ(ReferenceSampler(trials, {}).objection(trials[3]),
            "b1: there is no other bona fide recording of b to compare it with");
  EXPECT_EQ(ReferenceSampler(trials, {}).objection(trials[5]), "") << "b1 stays for the spoof";
  EXPECT_EQ(ReferenceSampler(trials, kAnyOfSpeaker).objection(trials[3]), "");
  trials[5].speaker = "";
  EXPECT_EQ(ReferenceSampler(trials, {}).objection(trials[5]),
            "bs has neither a reference nor a speaker");
  EXPECT_EQ(ReferenceSampler(trials, {Draw::kListed}).objection(trials[0]),
            "a1 names no reference");
  trials.resize(3);
  EXPECT_EQ(ReferenceSampler(trials, {Draw::kOtherSpeaker}).objection(trials[1]),
            "as: there is no bona fide recording of anybody but a to compare it with");
}

// A morph of two voices is tried as either.
TEST(ReferenceSampler, DrawsRecordingsOfTheClaimedSpeaker) {
  auto trials = trials_with_references();
  trials[1].claimed_speaker = "b";
  trials[3].claimed_speaker = "a";

  const ReferenceSampler sampler(trials, {});
  EXPECT_EQ(drawn(sampler, trials[1]), (Counts{{"b1", 3000}}));
  EXPECT_EQ(drawn(sampler, trials[3]).size(), 3U);
}

TEST(ReferenceSampler, KeepsAReferenceThatTheTrialNames) {
  auto trials = trials_with_references();
  trials[5].speaker = "";
  trials[5].reference = {"given"};
  for (const Draw draw : {Draw::kSpeaker, Draw::kListed}) {
    EXPECT_EQ(drawn(ReferenceSampler(trials, {draw}), trials[5]), (Counts{{"given", 3000}}));
  }
}

TEST(ReferenceSampler, DrawsAnotherSpeakersWhateverTheTrialNames) {
  auto trials = trials_with_references();
  trials[5].reference = {"given"};
  const ReferenceSampler sampler(trials, {Draw::kOtherSpeaker});

  EXPECT_EQ(drawn(sampler, trials[0]), (Counts{{"b1", 3000}}));
  EXPECT_EQ(drawn(sampler, trials[5]).size(), 3U);
  trials[0].claimed_speaker = "b";  // whose recordings are left out, and its own
  EXPECT_EQ(drawn(sampler, trials[0]).count("a1"), 0U);
  EXPECT_EQ(drawn(sampler, trials[0]).size(), 2U);
}

TEST(ReferenceSampler, DrawsTheSameWhateverTheOrderOfTheList) {
  const auto trials = trials_with_references();
  auto reversed = trials;
  std::reverse(reversed.begin(), reversed.end());
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Random one(seed), other(seed);
    EXPECT_EQ(ReferenceSampler(trials, kAnyOfSpeaker).draw(trials[1], one),
              ReferenceSampler(reversed, kAnyOfSpeaker).draw(trials[1], other));
  }
}

}  // namespace
}  // namespace bonafide
