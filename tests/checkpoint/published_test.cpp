#include "checkpoint/published.h"

#include <gtest/gtest.h>

#include "recipe/recipe.h"

namespace bonafide {
namespace {

TEST(PublishedWeights, AreFoundByNameAndBySha256) {
  const PublishedWeights* weights = find_published("aasist-l");

  ASSERT_NE(weights, nullptr);
  EXPECT_EQ(find_published_by_sha256(weights->sha256), weights);
  EXPECT_EQ(find_published("aasist-xl"), nullptr);
}

TEST(PublishedWeights, HaveAnAddressOnGitHubAndOnMirrors) {
  const std::string path =
      "/clovaai/aasist/a04c9863f63d44471dde8a6abcb3b082b07cd1d1/models/weights/AASIST.pth";

  EXPECT_EQ(find_published("aasist")->address(), "https://raw.githubusercontent.com" + path);
  EXPECT_EQ(find_published("aasist")->address("http://mirror"), "http://mirror" + path);
}

TEST(PublishedWeights, NameRecipesThatExist) {
  for (const PublishedWeights& weights : published_weights()) {
    EXPECT_NO_THROW(Recipe::load(std::string(weights.recipe), {})) << weights.name;
  }
}

}  // namespace
}  // namespace bonafide
