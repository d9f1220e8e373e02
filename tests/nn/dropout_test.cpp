#include "nn/dropout.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

torch::Tensor dropped(const torch::Tensor& x, double probability) {
  torch::manual_seed(5);
  Dropout drop(probability);
  drop->train();
  return drop(x);
}

TEST(Dropout, DrawsByElementsWhateverTheirOrderInMemory) {
  const auto x = torch::ones({4, 23, 16});
  const auto strided = torch::ones({4, 16, 23}).transpose(1, 2);

  EXPECT_TRUE(dropped(x, 0.2).equal(dropped(strided, 0.2)));
}

TEST(Dropout, IsThatOfLibTorchWhereElementsLieInOrder) {
  const auto x = torch::randn({3, 40});
  const auto ours = dropped(x, 0.3);
  torch::manual_seed(5);

  EXPECT_TRUE(ours.equal(torch::dropout(x, 0.3, /*train=*/true)));
}

TEST(Dropout, LetsAllThroughWhenScoringAndNothingAtOne) {
  const auto x = torch::randn({3, 4});
  Dropout drop(0.5);
  drop->eval();

  EXPECT_TRUE(drop(x).equal(x));
  EXPECT_TRUE(dropped(x, 1.0).equal(torch::zeros_like(x)));
  EXPECT_TRUE(dropped(x, 0.0).equal(x));
}

}  // namespace
}  // namespace bonafide
