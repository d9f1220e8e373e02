#include "loading/references.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

std::vector<Trial> trials_of_two_speakers() {
  std::vector<Trial> trials;
  for (const char* id : {"a1", "a2", "b1", "b2"}) {
    trials.emplace_back();
    trials.back().id = id;
    trials.back().path = std::string(id) + ".wav";
    trials.back().speaker = std::string(1, id[0]);
    trials.back().truth = Truth::kBonaFide;
  }
  return trials;
}

std::set<std::string> speakers_of_references(std::optional<ReferenceRules::Draw> draw) {
  const Recipe recipe = Recipe::parse("{}", "test", {});
  auto trials = trials_of_two_speakers();
  settle_references(recipe, "eval", trials, {}, draw);
  std::set<std::string> pairs;
  for (const Trial& trial : trials) {
    pairs.insert(trial.id + " " + trial.reference.path.stem().string());
  }
  return pairs;
}

TEST(References, AreThoseOfTheSpeakerUnlessAConditionSaysOtherwise) {
  EXPECT_EQ(speakers_of_references({}),
            (std::set<std::string>{"a1 a2", "a2 a1", "b1 b2", "b2 b1"}));
  for (const std::string& pair : speakers_of_references(ReferenceRules::Draw::kOtherSpeaker)) {
    EXPECT_NE(pair[0], pair[3]) << pair;
  }
}

TEST(References, WarnOfASectionThatSaysNothingToTheSystem) {
  std::vector<std::string> said;
  const auto warn = [&](const std::string& line) { said.push_back(line); };

  note_unused_references(Recipe::parse("{}", "test", {}), warn);
  EXPECT_TRUE(said.empty());
  note_unused_references(Recipe::parse("reference: {missing: skip}", "test", {}), warn);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("judges a recording by itself"), std::string::npos);
}

}  // namespace
}  // namespace bonafide
