#include "evaluation/score_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bonafide {
namespace {

using testing::ElementsAre;

Trial trial(const std::string& id, Truth truth, const std::string& attack = "") {
  Trial trial;
  trial.id = id;
  trial.truth = truth;
  trial.attack = attack;
  return trial;
}

TrialScores scores(const std::vector<std::optional<double>>& values) {
  TrialScores scored;
  scored.scores = values;
  scored.parts.resize(values.size());
  return scored;
}

const Task kVerification = {PartNeeds::kBothClasses, PartNeeds::kTrials};

TEST(ScoreTable, HasAnEmptyCellForWhatCouldNotBeScored) {
  const std::vector<Trial> trials = {trial("a", Truth::kBonaFide), trial("b", Truth::kSpoof, "A1")};
  EXPECT_EQ(scores_csv(trials, scores({0.5, std::nullopt}), {}),
            "file,score,label,speaker,attack,partition\na,0.5,bonafide,,,\nb,,spoof,,A1,\n");
}

TEST(ScoreTable, HasWhatTheScoreIsMadeOf) {
  TrialScores scored = scores({0.5, std::nullopt});
  scored.parts[0] = {1.5F, -2};
  const std::vector<Trial> trials = {trial("a", Truth::kBonaFide), trial("b", Truth::kSpoof)};
  const std::string text = scores_csv(trials, scored, {}, {"voice", "channel"});
  EXPECT_THAT(text, testing::HasSubstr("partition,part_voice,part_channel\n"));
  EXPECT_THAT(text, testing::HasSubstr("a,0.5,bonafide,,,,1.5,-2\n"));
  EXPECT_THAT(text, testing::HasSubstr("b,,spoof,,,,,\n"));
}

TEST(ScoreTable, OfVerificationSaysClaimAndKeyAndWhatTheKeySaysOfTheLabel) {
  Trial own = trial("a", Truth::kUnknown), spoof = trial("b", Truth::kUnknown);
  own.claimed_speaker = spoof.claimed_speaker = "anna";
  own.has_asv_key = spoof.has_asv_key = true;
  own.truth = Truth::kNontarget;
  spoof.truth = Truth::kSpoof;
  const std::vector<Trial> trials = {own, spoof};
  EXPECT_EQ(scores_csv(trials, scores({0.5, 1}), kVerification),
            "file,score,label,speaker,attack,partition,claimed_speaker,asv_key\n"
            "a,0.5,bonafide,,,,anna,nontarget\nb,1,spoof,,,,anna,spoof\n");
}

TEST(ScoreTable, OfDetectionHasNoKeyThatWouldMakeItVerification) {
  Trial own = trial("a", Truth::kBonaFide);
  own.claimed_speaker = "anna";
  own.has_asv_key = true;
  own.truth = Truth::kTarget;
  EXPECT_EQ(scores_csv({own}, scores({0.5}), {}),
            "file,score,label,speaker,attack,partition,claimed_speaker\na,0.5,bonafide,,,,anna\n");
}

TEST(ScoreTable, IsGroupedByAttackAndByColumnsOfSeveralButFewValues) {
  std::vector<Trial> trials;
  for (int i = 0; i < 60; ++i) {
    trials.push_back(trial(std::to_string(i), i % 2 == 0 ? Truth::kBonaFide : Truth::kSpoof,
                           i % 2 == 0 ? "" : "A1"));
    trials.back().codec = i % 3 == 0 ? "alaw" : "mp3";
    trials.back().language = "en";
    trials.back().source = std::to_string(i);
  }
  EXPECT_THAT(factors_of(trials), ElementsAre("attack", "codec"));
  EXPECT_THAT(factors_of({trials[0], trials[6]}), ElementsAre("source"));
}

}  // namespace
}  // namespace bonafide
