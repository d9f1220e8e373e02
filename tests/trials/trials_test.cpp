#include "trials/trials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

Trials joined(std::string_view scores, std::string_view key, TableOptions options = {},
              const JoinOptions& join_options = {}) {
  options.use = TableUse::kScores;
  const auto score_table = TrialTable::parse(scores, "scores", options);
  options.use = TableUse::kKey;
  return join(score_table, TrialTable::parse(key, "key", options), join_options);
}

std::string message_of(std::string_view scores, std::string_view key) {
  return error_text<UsageError>([&] { joined(scores, key); });
}

constexpr std::string_view kKey = "s1 u1 - - bonafide\ns2 u2 - A07 spoof\ns3 u3 - A08 spoof\n";

TEST(Join, GoesByIdAndNotByRow) {
  const Trials trials = joined("u3 3\nu1 1\nu2 2\n", kKey);

  EXPECT_EQ(trials.cm_scores, (std::vector{1.0, 2.0, 3.0}));
  EXPECT_EQ(trials.classes[0], Truth::kBonaFide);
}

TEST(Join, TellsVerificationTrialsOfOneRecordingApart) {
  const Trials trials = joined("spk\tfilename\tsasv-score\nB\tu\t2\nA\tu\t1\n",
                               "spk\tfilename\tasv-label\nA\tu\ttarget\nB\tu\tnontarget\n");

  EXPECT_EQ(trials.sasv_scores, (std::vector{1.0, 2.0}));
}

TEST(Join, ComparesFileNamesWhenFoldersDiffer) {
  const Trials trials =
      joined("file,score\nflac/u1.flac,1\nflac/u2.flac,2\nflac/u3.flac,3\n", kKey);

  EXPECT_TRUE(trials.joined_by_stem);
  EXPECT_EQ(trials.cm_scores, (std::vector{1.0, 2.0, 3.0}));
}

TEST(Join, KnowsPairsOfRecordingsWithoutTheirExtensions) {
  const Trials trials = joined("id1/a/1 id2/b/1 0 0.100000\nid1/a/1 id1/c/1 1 0.700000\n",
                               "1 id1/a/1.wav id1/c/1.wav\n0 id1/a/1.wav id2/b/1.wav\n");

  EXPECT_TRUE(trials.joined_by_stem);
  EXPECT_EQ(trials.cm_scores, (std::vector{0.7, 0.1}));
  EXPECT_EQ(trials.classes, (std::vector{Truth::kTarget, Truth::kNontarget}));
}

TEST(Join, NamesThePairWithoutScore) {
  EXPECT_EQ(message_of("ann u1 2.5\n", "ann u1 target\nbob u1 nontarget\n"),
            "scores: 1 of the 2 trials of key have no score: bob u1 (line 2)");
}

TEST(Join, NamesTargetsThatTheKeyCallsNontarget) {
  EXPECT_EQ(message_of("a u1 0.5 target\na u2 0.4 target\n", "a u1 target\na u2 nontarget\n"),
            "scores: 1 labels differ from key: a u2 (line 2)");
}

TEST(Join, TakesTargetsAndNontargetsForBonaFide) {
  const Trials trials =
      joined("u1 bonafide 0.5\nu2 bonafide 0.4\n", "a u1 target\na u2 nontarget\n");

  EXPECT_EQ(trials.classes, (std::vector{Truth::kTarget, Truth::kNontarget}));
}

TEST(Join, NamesTrialsWithoutScore) {
  EXPECT_EQ(message_of("u1 1\nu3 3\n", kKey),
            "scores: 1 of the 3 trials of key have no score: u2 (line 2)");
}

TEST(Join, NamesScoresWithoutTrial) {
  EXPECT_EQ(message_of("u1 1\nu2 2\nu3 3\nu4 4\n", kKey),
            "scores: 1 of 4 trials are not in key: u4 (line 4)");
}

TEST(Join, NamesDuplicateScores) {
  EXPECT_EQ(message_of("u1 1\nu2 2\nu3 3\nu2 4\n", kKey),
            "scores: 1 trials stand twice: u2 (line 4)");
}

TEST(Join, NamesDuplicateTrials) {
  EXPECT_EQ(message_of("u1 1\n", "s u1 - - bonafide\ns u1 - - bonafide\n"),
            "key: 1 trials stand twice: u1 (line 2)");
}

TEST(Join, NamesDuplicateScoresWithoutTrial) {
  EXPECT_EQ(message_of("u1 1\nu2 2\nu3 3\nu4 4\nu4 5\n", kKey),
            "scores: 1 trials stand twice: u4 (line 5)");
}

TEST(Join, NamesLabelsThatDiffer) {
  EXPECT_EQ(message_of("u1 spoof 1\nu2 spoof 2\nu3 spoof 3\n", kKey),
            "scores: 1 labels differ from key: u1 (line 1)");
}

TEST(Join, UsesWhatBothHaveWhenAsked) {
  const Trials trials = joined("u1 1\nu3 3\nu4 4\n", kKey, {}, {.partial = true});

  EXPECT_EQ(trials.cm_scores, (std::vector{1.0, 3.0}));
  EXPECT_EQ(trials.left_out, 2u);
}

TEST(LabelledTrials, NeedLabels) {
  EXPECT_THROW(labelled_trials(TrialTable::parse("u1 1\n", "scores")), UsageError);
}

TEST(LabelledTrials, RefuseDuplicates) {
  EXPECT_THROW(labelled_trials(TrialTable::parse("u1 spoof 1\nu1 spoof 1\n", "scores")),
               UsageError);
}

TEST(LabelledTrials, MayStandTwiceWhereThatIsAllowed) {
  const auto table = TrialTable::parse("u1 spoof 1\nu1 spoof 1\n", "scores");
  EXPECT_EQ(labelled_trials(table, /*repeats=*/true).size(), 2U);
}

TEST(Factor, HasTheValuesOfItsTrialsOnly) {
  const Trials trials =
      joined("u1 1\nu2 2\nu3 3\n", "id,label,codec\nu1,bonafide,a\nu2,spoof,c\nu3,spoof,b\n",
             {.factors = {"codec"}});

  const Factor codec = trials.filter([](size_t i) { return i != 0; }).factor("codec");

  EXPECT_EQ(codec.values(), (std::vector<std::string>{"c", "b"}));
  EXPECT_EQ(codec.value(1), "b");
}

TEST(Factor, SuggestsTheNearestName) {
  const Trials trials = joined("u1 1\nu2 2\nu3 3\n", kKey, {.factors = {"attack"}});

  EXPECT_THAT(error_text<UsageError>([&] { trials.factor("atack"); }),
              testing::HasSubstr("did you mean \"attack\""));
}

}  // namespace
}  // namespace bonafide
