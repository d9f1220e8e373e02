#include "evaluation/published_scores.h"

#include <gtest/gtest.h>

#include "base/json_value.h"

namespace bonafide {
namespace {

ModelDescription pair(const Json& model) {
  ModelDescription description;
  description.system = "pair";
  description.model = model;
  return description;
}

std::string name_of_condition(const Json& model, const std::string& condition) {
  const auto parsed = condition.empty() ? ReferenceCondition() : parse_condition(condition);
  return published_score_name(pair(model), parsed).value_or("none");
}

TEST(PublishedScores, AreNamedAsTheReleasedFiles) {
  const Json rat = {{"classifier", "rat"}};
  EXPECT_EQ(name_of_condition(rat, ""), "RAT_with_reference_scores.txt");
  EXPECT_EQ(name_of_condition(rat, "matched"), "RAT_with_reference_scores.txt");
  EXPECT_EQ(name_of_condition(rat, "zero"), "RAT_zero_reference_scores.txt");
  EXPECT_EQ(name_of_condition(rat, "none"), "RAT_test_only_scores.txt");
  EXPECT_EQ(name_of_condition({{"classifier", "rat"}, {"reference", "zero"}}, ""),
            "RAT_zero_reference_scores.txt");
  EXPECT_EQ(name_of_condition({{"classifier", "ff"}}, ""), "FF_test_only_scores.txt");
  EXPECT_EQ(name_of_condition(rat, "other_speaker+snr:10"),
            "RAT_with_reference_other_speaker_snr_10_scores.txt");
}

TEST(PublishedScores, AreOfSystemsOfPairsAlone) {
  ModelDescription classifier;
  classifier.system = "classifier";
  EXPECT_FALSE(published_score_name(classifier, {}).has_value());
}

TEST(PublishedScores, AreProbabilitiesWithZeroForBonaFide) {
  std::vector<Trial> trials(4);
  const std::vector<std::string> ids = {"a.flac", "b.flac", "c.flac", "d.flac"};
  for (size_t i = 0; i < ids.size(); ++i) trials[i].id = ids[i];
  trials[0].truth = Truth::kBonaFide;
  trials[1].truth = Truth::kSpoof;
  const TrialScores scores = {{1.0, -1.0, std::nullopt, 0.0}, {{0.0F}, {-2.0F}, {}, {800.0F}}, {}};

  EXPECT_EQ(published_scores(trials, scores),
            "a.flac,0.5,0\n"
            "b.flac,0.119202922,1\n"
            "d.flac,1,nan\n");
}

}  // namespace
}  // namespace bonafide
