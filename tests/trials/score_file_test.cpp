#include "trials/score_file.h"

#include <gtest/gtest.h>

#include "trials/trial_table.h"

namespace bonafide {
namespace {

TEST(ScoreFile, IsReadBackWhateverItsNamesAndScoresAre) {
  const std::vector<std::string> ids = {"comma, \"quote\"", "two\nlines", "c"};
  const std::vector<double> scores = {1.23456789012, -2.5e-7, 3};
  ScoreFile<size_t> file;
  file.add("file", [&](size_t i) { return ids[i]; });
  file.add("score", [&](size_t i) { return score_text(scores[i]); });
  file.add("label", [](size_t i) { return std::string(i == 0 ? "bonafide" : "spoof"); });

  const std::string text = score_file_text(file, ids.size());
  const auto table = TrialTable::parse(text, "scores");

  EXPECT_EQ(text.substr(0, text.find('\n')), "file,score,label");
  EXPECT_EQ(table.cm_scores(), (std::vector{1.23456789, -2.5e-7, 3.0}));
  EXPECT_EQ(table.ids()[0].utterance, ids[0]);
  EXPECT_EQ(table.ids()[1].utterance, ids[1]);
  EXPECT_EQ(table.classes()[2], Truth::kSpoof);
}

TEST(ScoreFile, HasAnEmptyCellForNoScore) { EXPECT_EQ(score_text(std::nullopt), ""); }

}  // namespace
}  // namespace bonafide
