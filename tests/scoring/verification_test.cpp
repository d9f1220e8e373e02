#include "scoring/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "audio/sound_files.h"
#include "base/error.h"
#include "scoring/scorer.h"

namespace bonafide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

// Embeds a window by its first two samples in 16-bit steps, and counts windows.
class TwoSamples : public Backend {
 public:
  explicit TwoSamples(bool scores) : scores_(scores) {}

  std::vector<Opinion> run(std::span<const Question> questions) override {
    std::vector<Opinion> opinions;
    for (const auto& [window, reference] : questions) {
      ++asked;
      opinions.push_back({std::nullopt, {window[0] * 32768, window[1] * 32768}});
      if (scores_) opinions.back().score = 5;
    }
    return opinions;
  }

  size_t asked = 0;

 private:
  bool scores_;
};

// Says how far a window's first sample lies from its reference's, in 16-bit steps.
class Distance : public Backend {
 public:
  std::vector<Opinion> run(std::span<const Question> questions) override {
    std::vector<Opinion> opinions;
    for (const auto& [window, reference] : questions) {
      opinions.push_back({-std::abs(window[0] - reference->front()) * 32768});
    }
    return opinions;
  }
  bool compares() const override { return true; }
  bool needs_reference() const override { return true; }
};

class VerificationTest : public testing::Test {
 protected:
  // A recording that begins with two samples, of 50 ms.
  std::filesystem::path voice(const std::string& name, int16_t first, int16_t second) {
    Wav wav{.samples = {first, second}};
    wav.samples.resize(800, 77);
    write_bytes(folder_ / name, wav.bytes());
    return folder_ / name;
  }

  static Enrolments speaker(std::vector<std::filesystem::path> recordings) {
    return std::make_shared<const std::vector<std::filesystem::path>>(std::move(recordings));
  }

  static Trial trial(const std::filesystem::path& path, Enrolments enrolments) {
    Trial trial;
    trial.id = path.filename();
    trial.path = path;
    trial.claimed_speaker = "anna";
    trial.enrolments = std::move(enrolments);
    return trial;
  }

  AskAboutAll ask(Backend& backend) {
    options_.samples = 800;
    return ask_by(score_here(backend, options_, progress_));
  }

  Scratch folder_;
  ScoringOptions options_;
  NoProgress progress_;
};

TEST_F(VerificationTest, IsTheCosineOfARecordingAndTheMeanOfTheEnrolments) {
  const auto anna = speaker({voice("a1", 100, 0), voice("a2", 0, 300)});
  const std::vector<Trial> trials = {trial(voice("t1", 10, 30), anna),
                                     trial(voice("t2", 30, -10), anna),
                                     trial(voice("t3", -2, -6), anna)};
  for (const bool scores : {true, false}) {
    TwoSamples backend(scores);
    const TrialScores scored = score_by_embeddings(trials, ask(backend));
    ASSERT_EQ(scored.scores.size(), 3U);
    EXPECT_NEAR(scored.scores[0].value(), 1, 1e-6);
    EXPECT_NEAR(scored.scores[1].value(), 0, 1e-6);
    EXPECT_NEAR(scored.scores[2].value(), -1, 1e-6);
    EXPECT_TRUE(scored.troubles.empty());
  }
}

TEST_F(VerificationTest, AsksAboutEachRecordingOnce) {
  const auto first = voice("a", 1, 2), second = voice("b", 3, 4), third = voice("c", 5, 7);
  const auto anna = speaker({first, second});
  std::vector<Trial> trials;
  for (int i = 0; i < 5; ++i) {
    trials.push_back(trial(third, anna));
    trials.push_back(trial(first, speaker({third, second})));  // a list of its own, as manifests do
  }
  TwoSamples backend(true);
  EXPECT_EQ(score_by_embeddings(trials, ask(backend)).scores.size(), 10U);
  EXPECT_EQ(backend.asked, 3U);
}

TEST_F(VerificationTest, LeavesOnlyTheTrialsOfABrokenRecordingUnscored) {
  const auto good = voice("a", 1, 2), other = voice("b", 2, 1);
  const std::vector<Trial> trials = {
      trial(other, speaker({good})), trial(folder_ / "gone", speaker({good})),
      trial(good, speaker({other, folder_ / "lost"})), trial(good, speaker({other}))};
  TwoSamples backend(false);
  const TrialScores scored = score_by_embeddings(trials, ask(backend));
  EXPECT_THAT(scored.scores, ElementsAre(Optional(testing::DoubleNear(0.8, 1e-6)), std::nullopt,
                                         std::nullopt, Optional(testing::DoubleNear(0.8, 1e-6))));
  EXPECT_THAT(scored.troubles,
              ElementsAre(AllOf(HasSubstr("gone as anna"), HasSubstr("No such file")),
                          AllOf(HasSubstr("a as anna"), HasSubstr("lost: No such file"))));
}

TEST_F(VerificationTest, SaysWhyATrialHasNoScore) {
  const auto good = voice("a", 1, 2), up = voice("u", 0, 5), down = voice("d", 0, -5);
  const std::vector<Trial> trials = {trial(good, nullptr), trial(good, speaker({up, down})),
                                     trial(voice("z", 0, 0), speaker({good}))};
  TwoSamples backend(true);
  const TrialScores scored = score_by_embeddings(trials, ask(backend));
  EXPECT_THAT(scored.scores, ElementsAre(std::nullopt, std::nullopt, std::nullopt));
  EXPECT_THAT(scored.troubles, ElementsAre(HasSubstr("no enrolment"), HasSubstr("no direction"),
                                           HasSubstr("no direction")));
}

TEST_F(VerificationTest, RefusesAModelThatGivesNoEmbeddings) {
  class ScoresAlone : public Backend {
   public:
    std::vector<Opinion> run(std::span<const Question> questions) override {
      return std::vector<Opinion>(questions.size(), {1.0});
    }
  } backend;
  const auto good = voice("a", 1, 2);
  EXPECT_THROW(score_by_embeddings(std::vector{trial(good, speaker({good}))}, ask(backend)),
               UsageError);
}

TEST_F(VerificationTest, AModelThatComparesScoresBesideEachEnrolment) {
  const auto anna = speaker({voice("a1", 100, 0), voice("a2", 200, 0)});
  Distance backend;
  const TrialScores scored = score_beside_enrolments(
      std::vector{trial(voice("t", 120, 1), anna), trial(voice("s", 120, 1), nullptr)},
      ask(backend));
  EXPECT_THAT(scored.scores, ElementsAre(Optional(-50.0), std::nullopt));
  EXPECT_THAT(scored.troubles, ElementsAre(HasSubstr("no reference")));
}

TEST_F(VerificationTest, AModelThatGivesEmbeddingsAloneHasNoScoreToTell) {
  const std::vector<Input> inputs = {{voice("a", 1, 2)}};
  TwoSamples backend(false);
  std::vector<ScoreRow> rows;
  options_.samples = 800;
  score_inputs(inputs, backend, options_, progress_, [&](const auto& row) { rows.push_back(row); });
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].score, std::nullopt);
  EXPECT_EQ(rows[0].detail, "this model gives embeddings, and no scores");
  EXPECT_THAT(rows[0].embedding, ElementsAre(1, 2));
}

}  // namespace
}  // namespace bonafide
