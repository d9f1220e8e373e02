#include "nn/residual_block.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

TEST(ResidualBlock, FoldsItsBatchNormAtInferenceOnly) {
  torch::manual_seed(1);
  ResidualBlock block(3, 4, /*first=*/false);
  for (int i = 0; i < 3; ++i) block(torch::randn({2, 3, 5, 30}));  // moves the statistics
  block->eval();
  const auto x = torch::randn({2, 3, 5, 30});

  const auto with_gradients = block(x).detach();
  const torch::NoGradGuard no_grad;
  const auto folded = block(x);

  EXPECT_TRUE(torch::allclose(with_gradients, folded, 1e-4, 1e-5));
}

TEST(ResidualBlock, MovesTheStatisticsOfTheUnusedNormAsAForwardPassWould) {
  torch::manual_seed(1);
  ResidualBlock block(3, 3, /*first=*/false);
  torch::nn::BatchNorm2d norm(3);
  const auto x = torch::randn({2, 3, 5, 30}) * 3 + 1;

  block(x);
  norm(x);

  const auto buffers = block->named_buffers();
  EXPECT_TRUE(torch::allclose(buffers["bn1.running_mean"], norm->running_mean));
  EXPECT_TRUE(torch::allclose(buffers["bn1.running_var"], norm->running_var));
  EXPECT_EQ(buffers["bn1.num_batches_tracked"].item<int64_t>(), 1);
}

TEST(ResidualBlock, GivesTheUnusedNormNoGradient) {
  ResidualBlock block(2, 2, /*first=*/false);

  block(torch::randn({1, 2, 4, 12})).sum().backward();

  EXPECT_FALSE(block->named_parameters()["bn1.weight"].grad().defined());
  EXPECT_TRUE(block->named_parameters()["bn2.weight"].grad().defined());
}

}  // namespace
}  // namespace bonafide
