#include "evaluation/part_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

using testing::Contains;
using testing::DoubleNear;
using testing::Pair;

const Task kVerification = {PartNeeds::kBothClasses, PartNeeds::kTrials};

std::vector<Trial> trials_of(const std::vector<Truth>& keys) {
  std::vector<Trial> trials(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    trials[i].truth = keys[i];
    trials[i].has_asv_key = true;
  }
  return trials;
}

TrialScores scores_of(const std::vector<std::optional<double>>& values) {
  TrialScores scored;
  scored.scores = values;
  return scored;
}

EpochSelection selection(const std::vector<std::string>& overrides) {
  return selection_of(Recipe::load("aasist", overrides));
}

// Half of the targets lie below the nontarget, and none below the spoof.
const std::vector<Trial> kTrials =
    trials_of({Truth::kTarget, Truth::kTarget, Truth::kNontarget, Truth::kSpoof});
const TrialScores kScores = scores_of({1, 3, 2, 0});

TEST(PartFigures, OfVerificationChooseByTheSelectedFigure) {
  const auto by_default =
      figures_of(kTrials, kScores, kVerification, selection({"task.judge=verification"}), {});
  EXPECT_THAT(by_default.verification, Contains(Pair("sasv_eer", DoubleNear(by_default.eer, 0))));
  EXPECT_EQ(by_default.choosing, by_default.eer);
  EXPECT_GT(by_default.eer, 1);  // percent

  const auto by_spoofs =
      figures_of(kTrials, kScores, kVerification,
                 selection({"task.judge=verification", "train.select_by=spf_eer"}), {});
  EXPECT_EQ(by_spoofs.choosing, 0);
  EXPECT_EQ(by_spoofs.eer, by_default.eer);

  const auto by_cost =
      figures_of(kTrials, kScores, kVerification,
                 selection({"task.judge=verification", "train.select_by=a_dcf1"}), {});
  EXPECT_THAT(by_cost.verification, Contains(Pair("a_dcf1", by_cost.choosing)));
  EXPECT_LE(by_cost.choosing, 1);  // a cost, not percent
}

TEST(PartFigures, LeaveOutTrialsWithoutAScore) {
  const auto figures = figures_of(kTrials, scores_of({std::nullopt, 3, 2, 0}), kVerification,
                                  selection({"task.judge=verification"}), {});
  EXPECT_EQ(figures.eer, 0);
}

TEST(PartFigures, AreMissedWhereAClassIsMissing) {
  const auto voices = trials_of({Truth::kTarget, Truth::kNontarget});
  const auto by_default = selection({"task.judge=verification"});
  EXPECT_THAT(error_text<UsageError>([&] { expect_figure(voices, kVerification, by_default); }),
              testing::HasSubstr("data.dev: train.select_by: sasv_eer: no spoof trials"));
  EXPECT_NO_THROW(expect_figure(voices, kVerification,
                                selection({"task.judge=verification", "train.select_by=sv_eer"})));
  EXPECT_THROW(figures_of(voices, scores_of({1, 0}), kVerification, by_default, {}), Error);
}

TEST(PartFigures, OfDetectionAreTheEerInPercent) {
  std::vector<Trial> trials(4);
  for (size_t i = 0; i < 4; ++i) trials[i].truth = i < 2 ? Truth::kBonaFide : Truth::kSpoof;
  const auto figures = figures_of(trials, scores_of({1, 3, 2, 0}), {}, selection({}), {});
  EXPECT_EQ(figures.eer, 50);
  EXPECT_EQ(figures.choosing, 50);
  EXPECT_TRUE(figures.verification.empty());
}

TEST(EpochSelection, NamesAFigureThatTheTaskHas) {
  EXPECT_EQ(selection({}).text(12.345), "12.35 %");
  EXPECT_EQ(selection({"task.judge=verification"}).title, "SASV-EER");
  EXPECT_EQ(selection({"task.judge=verification", "train.select_by=a_dcf1"}).text(0.5), "0.50000");
  EXPECT_FALSE(selection({"train.select=~"}).chooses());
  EXPECT_THROW(selection({"train.select_by=sv_eer"}), UsageError);
  EXPECT_THROW(selection({"task.judge=verification", "train.select_by=eer"}), UsageError);
}

}  // namespace
}  // namespace bonafide
