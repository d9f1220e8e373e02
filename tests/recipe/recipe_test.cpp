#include "recipe/recipe.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

Recipe recipe(std::string_view yaml, const std::vector<std::string>& overrides = {}) {
  return Recipe::parse(yaml, "test.yaml", overrides);
}

TEST(ParseYaml, TellsTheKindsOfScalarsApart) {
  const Json tree = parse_yaml(
      "{a: 1, b: 1.0, c: 1e-4, d: true, e: ~, f: word, g: '1', h: \"true\", i: .inf, j: -.inf}",
      "x");

  EXPECT_TRUE(tree["a"].is_number_integer());
  EXPECT_TRUE(tree["b"].is_number_float());
  EXPECT_EQ(tree["c"], 1e-4);
  EXPECT_EQ(tree["d"], true);
  EXPECT_TRUE(tree["e"].is_null());
  EXPECT_EQ(tree["f"], "word");
  EXPECT_EQ(tree["g"], "1");
  EXPECT_EQ(tree["h"], "true");
  EXPECT_EQ(tree["i"], std::numeric_limits<double>::infinity());
  EXPECT_EQ(tree["j"], -std::numeric_limits<double>::infinity());
}

TEST(ParseYaml, TakesWordsThatOnlyLookLikeNumbersAsWords) {
  for (const char* word : {"nan", "inf", "nan(1)", "1.2.3", "5s", "--"}) {
    EXPECT_TRUE(parse_yaml(fmt::format("a: '{0}'\nb: {0}", word), "x")["b"].is_string()) << word;
  }
}

TEST(ParseYaml, SaysOnWhichLineAKeyStandsTwice) {
  EXPECT_EQ(error_text<UsageError>([] { parse_yaml("a: 1\nb: 2\na: 3\n", "x.yaml"); }),
            "x.yaml: line 3: key \"a\" stands twice");
}

TEST(ParseYaml, SaysOnWhichLineItIsNotYaml) {
  EXPECT_NE(error_text<UsageError>([] {
              parse_yaml("a: 1\nb: [1, 2\n", "x.yaml");
            }).find("x.yaml: line "),
            std::string::npos);
}

TEST(ParseYaml, RefusesTextThatIsNotUtf8) {
  EXPECT_EQ(error_text<UsageError>([] { parse_yaml("a: \"\xFF\"\n", "x.yaml"); }),
            "x.yaml: not UTF-8 text");
  for (const std::string yaml : {R"(a: "\_")", R"("\N": 1)"}) {
    EXPECT_EQ(error_text<UsageError>([&] { parse_yaml("\n" + yaml, "x.yaml"); }),
              "x.yaml: line 2: not UTF-8 text");
  }
  EXPECT_EQ(error_text<UsageError>([] { parse_yaml(std::string("{a: 3\0_}", 8), "x.yaml"); }),
            "x.yaml: line 1: not UTF-8 text");
}

TEST(ParseYaml, RefusesDeepNesting) {
  const std::string brackets(10000, '[');

  EXPECT_THROW(parse_yaml(brackets, "x"), UsageError);
  EXPECT_THROW(parse_yaml(std::string(100, '[') + std::string(100, ']'), "x"), UsageError);
  EXPECT_THROW(parse_yaml("&a [*a, *a]", "x"), UsageError);
}

TEST(ParseYaml, RefusesAliasesThatGrowWithoutBound) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i,
                        i - 1);
  }

  EXPECT_NE(error_text<UsageError>([&] { parse_yaml(bomb, "x.yaml"); }).find("too many values"),
            std::string::npos);
}

TEST(ParseYaml, RefusesAKeyThatIsNotAWord) {
  EXPECT_THROW(parse_yaml("? [a, b]\n: 1\n", "x"), UsageError);
}

// Names of speakers, attacks and folders often look like numbers.
TEST(Recipe, LeavesTextsAsTheyAreWritten) {
  const Recipe r = recipe(
      "name: 0012\ndata: {root: 2019, train: 1e5}\n"
      "train: {weights: [{speaker: 0012, weight: 2}, {speaker: yes, weight: 1e-1}], freeze: [0x10, "
      "'7', 1.50, true]}\n",
      {"data.dev=007", "comet.project=1_0", "loader.cache=0.10"});

  EXPECT_EQ(r.text("name"), "0012");
  EXPECT_EQ(r.text("data.root"), "2019");
  EXPECT_EQ(r.text("data.train"), "1e5");
  EXPECT_EQ(r.text("data.dev"), "007");
  EXPECT_EQ(r.text("comet.project"), "1_0");
  EXPECT_EQ(r.text("loader.cache"), "0.10");
  EXPECT_EQ(r.at("train.weights")[0]["speaker"], "0012");
  EXPECT_EQ(r.at("train.weights")[1]["speaker"], "yes");
  EXPECT_EQ(r.at("train.freeze"), (Json{"0x10", "7", "1.50", "true"}));
  EXPECT_EQ(recipe(r.yaml()).json(), r.json());
  EXPECT_EQ(recipe("", {"train.freeze=[0012, 1e5]"}).at("train.freeze"), (Json{"0012", "1e5"}));
}

TEST(Recipe, TakesNothingForAnOptionalText) {
  EXPECT_TRUE(recipe("data: {root: x}\n", {"data.root=~"}).at("data.root").is_null());
  EXPECT_TRUE(recipe("data: {root: null}\n").at("data.root").is_null());
}

TEST(Recipe, RefusesWhatIsNoText) {
  EXPECT_EQ(error_text<UsageError>([] { recipe("data: {root: [a]}\n"); }),
            "test.yaml: data.root is [\"a\"]; expected a word");
  EXPECT_EQ(error_text<UsageError>([] { recipe("train: {freeze: a}\n"); }),
            "test.yaml: train.freeze is \"a\"; expected a list");
  EXPECT_EQ(error_text<UsageError>([] { recipe("train: {freeze: [a,\n null]}\n"); }),
            "test.yaml: line 2: nothing where a word is expected; quote it if it is the word "
            "\"null\"");
}

TEST(Recipe, TakesAWholeNumberOfJsonForAText) {
  const Recipe r = Recipe::parse(R"({"data": {"root": 2019}, "name": 12})", "x.json", {});

  EXPECT_EQ(r.text("data.root"), "2019");
  EXPECT_EQ(r.text("name"), "12");
  EXPECT_THROW(Recipe::parse(R"({"name": 1e5})", "x.json", {}), UsageError);
}

TEST(Recipe, PutsItsValuesOverTheDefaultsAndOverridesOverBoth) {
  const Recipe r = recipe("name: mine\ntrain:\n  epochs: 7\n", {"train.epochs=9", "seed=5"});

  EXPECT_EQ(r.text("name"), "mine");
  EXPECT_EQ(r.integer("train.epochs"), 9);
  EXPECT_EQ(r.integer("seed"), 5);
  EXPECT_EQ(r.integer("input.sample_rate"), 16000);
}

TEST(Recipe, OfAnEmptyFileIsTheDefaults) { EXPECT_EQ(recipe("").integer("seed"), 1234); }

TEST(Recipe, SuggestsTheNearestKnownKey) {
  EXPECT_EQ(error_text<UsageError>([] { recipe("train:\n  epoch: 3\n"); }),
            "test.yaml: unknown key \"train.epoch\" (did you mean \"train.epochs\"?)");
  EXPECT_EQ(error_text<UsageError>([] { recipe("", {"optimizr.lr=1"}); }),
            "override optimizr.lr=1: unknown key \"optimizr\" (did you mean \"optimizer\"?)");
}

TEST(Recipe, RefusesAValueOfAnotherKind) {
  EXPECT_EQ(error_text<UsageError>([] { recipe("", {"train.epochs=many"}); }),
            "override train.epochs=many: train.epochs is \"many\"; expected a whole number");
  EXPECT_NE(error_text<UsageError>([] {
              recipe("", {"train.epochs=1.5"});
            }).find("expected a whole number"),
            std::string::npos);
  EXPECT_NE(error_text<UsageError>([] { recipe("train: 5\n"); }).find("train is a whole number"),
            std::string::npos);
  EXPECT_NE(error_text<UsageError>([] { recipe("- a\n- b\n"); }).find("the recipe is a list"),
            std::string::npos);
}

TEST(Recipe, RefusesNothingWhereAValueIsNeeded) {
  EXPECT_NE(error_text<UsageError>([] {
              recipe("", {"train.epochs=~"});
            }).find("expected a whole number"),
            std::string::npos);
  EXPECT_NE(error_text<UsageError>([] { recipe("train: ~\n"); }).find("expected a section"),
            std::string::npos);
}

TEST(Recipe, NamesTheKeysOfASectionThatWasGivenAWord) {
  const auto complaint = error_text<UsageError>([] { recipe("", {"optimizer=adam"}); });
  EXPECT_NE(complaint.find("lines (name, lr, "), std::string::npos) << complaint;
}

TEST(Recipe, RefusesAListOfOtherThings) {
  EXPECT_NE(error_text<UsageError>([] {
              recipe("", {"optimizer.betas=[a, b]"});
            }).find("a list of numbers"),
            std::string::npos);
}

TEST(Recipe, LetsAnOverrideTakeAnOptionalValueAway) {
  EXPECT_TRUE(recipe("data: {limit: 100}\n", {"data.limit=~"}).at("data.limit").is_null());
}

TEST(Recipe, TakesAWholeNumberForARealOne) {
  EXPECT_EQ(recipe("optimizer: {lr: 1}\n").number("optimizer.lr"), 1.0);
}

TEST(Recipe, StillTakesARealNumberAfterAWholeOne) {
  EXPECT_EQ(recipe("optimizer: {lr: 1}\n", {"optimizer.lr=0.5"}).number("optimizer.lr"), 0.5);
}

TEST(Recipe, LeavesAnOpenSectionToItsOwner) {
  const Recipe r =
      recipe("model: {architecture: AASIST, a: {b: 1, c: 2}}\n", {"model.a.b=word", "model.d=4"});

  EXPECT_EQ(r.at("model"),
            Json::parse(R"({"architecture": "AASIST", "a": {"b": "word", "c": 2}, "d": 4})"));
}

TEST(Recipe, KeepsAnOpenSectionASection) { EXPECT_THROW(recipe("", {"model=5"}), UsageError); }

TEST(Recipe, RefusesOverridesThatAreNone) {
  EXPECT_THROW(recipe("", {"train.epochs"}), UsageError);
  EXPECT_THROW(recipe("", {"=5"}), UsageError);
  EXPECT_THROW(recipe("", {"train..epochs=5"}), UsageError);
  EXPECT_THROW(recipe("", {"model.\xFF=5"}), UsageError);
}

TEST(Recipe, RefusesAnOverrideOfAbsurdDepth) {
  std::string key = "model";
  for (int i = 0; i < 100000; ++i) key += ".a";

  EXPECT_THROW(recipe("", {key + "=1"}), UsageError);
}

TEST(Recipe, WritesYamlThatReadsBackAsItself) {
  const Recipe r = recipe(
      "name: \"5: a # b\"\nmodel: {empty: {}, none: [], t: 'true', u: \"\\x01\\xe9\", deep: [{a: "
      "-1}, "
      "[[-.5]]], e: '', n: 'null'}\n",
      {"optimizer.lr=5e-6", "train.best_eer=-.inf"});

  EXPECT_EQ(parse_yaml(r.yaml(), "written"), r.json());
}

TEST(Recipe, IsReadBackFromStoredJson) {
  const Recipe r = recipe("", {"train.epochs=3"});

  const Recipe stored = Recipe::from_json(Json::parse(r.json().dump()), "stored");

  EXPECT_EQ(stored.json(), r.json());
  EXPECT_TRUE(std::isinf(stored.number("train.best_eer")));
}

TEST(Recipe, LoadsAFileOrABuiltInName) {
  const Scratch scratch;
  write_atomically(scratch / "my.yaml", "name: mine\n");

  EXPECT_EQ(Recipe::load((scratch / "my.yaml").string(), {}).text("name"), "mine");
  EXPECT_EQ(Recipe::load("aasist", {}).text("name"), "aasist");
}

TEST(Recipe, LoadsABuiltInNameAlsoBesideAFolderOfThatName) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch / "aasist");
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());

  const Recipe r = Recipe::load("aasist", {});

  std::filesystem::current_path(here);
  EXPECT_EQ(r.text("name"), "aasist");
}

TEST(Recipe, SaysWhichRecipesThereAreWhenOneIsMissing) {
  EXPECT_NE(error_text<UsageError>([] { Recipe::load("none", {}); }).find("aasist-l"),
            std::string::npos);
  EXPECT_THROW(Recipe::load("defaults", {}), UsageError);
  EXPECT_THROW(Recipe::load(std::string(5000, 'a'), {}), UsageError);
}

TEST(BuiltinRecipes, AllLoad) {
  for (const std::string& name : builtin_recipes()) {
    EXPECT_EQ(Recipe::load(name, {}).text("name"), name);
  }
}

}  // namespace
}  // namespace bonafide
