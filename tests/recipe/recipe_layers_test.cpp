#include "recipe/recipe_layers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "error_text.h"
#include "recipe/recipe.h"
#include "scratch.h"

namespace bonafide {
namespace {

class RecipeBaseTest : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((scratch_ / name).parent_path());
    write_atomically(scratch_ / name, text);
  }

  Recipe load(const std::string& name, const std::vector<std::string>& overrides = {}) {
    return Recipe::load((scratch_ / name).string(), overrides);
  }

  std::string complaint(const std::string& name) {
    std::string text = error_text<UsageError>([&] { load(name); });
    // Without the folder, which is another one each time.
    const std::string folder = scratch_.path().string() + "/";
    for (size_t at; (at = text.find(folder)) != std::string::npos;) text.erase(at, folder.size());
    return text;
  }

  Scratch scratch_;
};

TEST_F(RecipeBaseTest, PutsARecipeOverItsBaseAndOverridesOverBoth) {
  write("low.yaml",
        "seed: 1\ntrain: {epochs: 1, batch_size: 1}\nmodel: {a: {b: 1, c: 1}, d: [1, 2]}\n");
  write("mid.yaml", "base: low.yaml\ntrain: {epochs: 2}\nmodel: {a: {b: 2}}\n");
  write("top.yaml", "base: mid.yaml\nmodel: {d: [3]}\n");

  const Recipe r = load("top.yaml", {"model.a.c=9"});

  EXPECT_EQ(r.integer("seed"), 1);
  EXPECT_EQ(r.integer("train.epochs"), 2);
  EXPECT_EQ(r.integer("train.batch_size"), 1);
  EXPECT_EQ(r.at("model"), Json::parse(R"({"a": {"b": 2, "c": 9}, "d": [3]})"));
  EXPECT_FALSE(r.json().contains("base"));
}

TEST_F(RecipeBaseTest, LooksBesideTheIncludingFileFirstThenAmongTheBuiltIn) {
  write("sub/deep/a.yaml", "base: ../b.yaml\n");
  write("sub/b.yaml", "base: aasist\nseed: 3\n");
  EXPECT_EQ(load("sub/deep/a.yaml").text("name"), "aasist");
  EXPECT_EQ(load("sub/deep/a.yaml").integer("seed"), 3);

  write("sub/aasist", "name: mine\n");
  EXPECT_EQ(load("sub/deep/a.yaml").text("name"), "mine");
}

TEST_F(RecipeBaseTest, MayCarryTheNameOfTheBuiltInRecipeThatItBuildsOn) {
  write("aasist.yaml", "base: aasist\nseed: 8\n");

  EXPECT_EQ(load("aasist.yaml").integer("seed"), 8);
  EXPECT_EQ(load("aasist.yaml").text("name"), "aasist");
}

TEST_F(RecipeBaseTest, NamesTheChainToABaseThatIsMissing) {
  write("a.yaml", "base: b.yaml\n");
  write("b.yaml", "base: c.yaml\n");

  EXPECT_EQ(complaint("a.yaml"),
            "a.yaml -> b.yaml: base \"c.yaml\": no such file, and not one of the built-in recipes");
}

TEST_F(RecipeBaseTest, NamesTheChainThatComesBackToItself) {
  write("a.yaml", "base: b.yaml\n");
  write("b.yaml", "base: ./a.yaml\n");
  write("self.yaml", "base: self.yaml\n");

  EXPECT_EQ(complaint("a.yaml"), "a.yaml -> b.yaml -> ./a.yaml: a recipe cannot build on itself");
  EXPECT_EQ(complaint("self.yaml"), "self.yaml -> self.yaml: a recipe cannot build on itself");
}

TEST_F(RecipeBaseTest, RefusesAChainWithoutEnd) {
  for (int i = 0; i < 40; ++i) {
    write(fmt::format("{}.yaml", i), fmt::format("base: {}.yaml\n", i + 1));
  }

  EXPECT_NE(complaint("0.yaml").find("more than 16 recipes, one on the other"), std::string::npos);
}

TEST_F(RecipeBaseTest, NamesTheFileOfTheChainThatIsWrong) {
  write("a.yaml", "base: b.yaml\n");
  write("b.yaml", "train:\n  epoch: 3\n");
  EXPECT_EQ(complaint("a.yaml"),
            "b.yaml: unknown key \"train.epoch\" (did you mean \"train.epochs\"?)");

  write("b.yaml", "a: [1\n");
  EXPECT_TRUE(complaint("a.yaml").starts_with("b.yaml: line ")) << complaint("a.yaml");

  write("a.yaml", "base: [b.yaml]\n");
  EXPECT_EQ(complaint("a.yaml"),
            "a.yaml: base is [\"b.yaml\"]; expected a file, or the name of a recipe");

  write("a.yaml", "bace: b.yaml\n");
  EXPECT_EQ(complaint("a.yaml"), "a.yaml: unknown key \"bace\" (did you mean \"base\"?)");
}

TEST_F(RecipeBaseTest, OfNothingIsNone) {
  write("a.yaml", "base: ~\nseed: 2\n");

  EXPECT_EQ(load("a.yaml").integer("seed"), 2);
}

TEST_F(RecipeBaseTest, IsForFilesNotForOverrides) {
  EXPECT_THROW(Recipe::load("aasist", {"base=lcnn"}), UsageError);
}

TEST(RecipeLayers, SayWhatAFileIsThatIsNoRecipe) {
  EXPECT_EQ(
      error_text<UsageError>([] {
        read_recipe_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "x.yaml");
      }),
      "x.yaml: looks like a Git LFS pointer, not a recipe; fetch the file itself with `git lfs "
      "pull`");
  EXPECT_NO_THROW(read_recipe_text("", "x.yaml"));
}

TEST(RecipeText, BuildsOnWhatIsBuiltInOnly) {
  EXPECT_EQ(Recipe::parse("base: lcnn\nseed: 4\n", "text", {}).text("name"), "lcnn");
  EXPECT_EQ(Recipe::parse("base: lcnn.yaml\n", "text", {}).text("name"), "lcnn");
  EXPECT_THROW(Recipe::parse("base: /etc/hostname\n", "text", {}), UsageError);
  EXPECT_THROW(Recipe::parse("base: defaults\n", "text", {}), UsageError);
}

}  // namespace
}  // namespace bonafide
