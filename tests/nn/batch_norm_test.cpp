#include "nn/batch_norm.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

// With statistics of its own.
BatchNorm experienced() {
  torch::manual_seed(3);
  BatchNorm norm(2);
  norm->forward(5 + 2 * torch::randn({8, 2, 3}));
  return norm;
}

TEST(BatchNorm, NormalisesAsLibTorchsDoes) {
  BatchNorm ours(2);
  torch::nn::BatchNorm1d theirs(2);
  const auto x = 5 + 2 * torch::randn({8, 2, 3});

  EXPECT_TRUE(torch::allclose(ours->forward(x), theirs->forward(x)));
  EXPECT_TRUE(torch::allclose(ours->running_var, theirs->running_var));
}

TEST(BatchNorm, LearnsNothingFromASingleValueOfEachChannel) {
  for (const auto& x : {torch::randn({1, 2}), torch::randn({1, 2, 1, 1})}) {
    BatchNorm norm = experienced();
    const auto mean = norm->running_mean.clone(), variance = norm->running_var.clone();

    norm->train();
    const auto trained = norm->forward(x);
    norm->observe(x);

    EXPECT_TRUE(torch::equal(norm->running_mean, mean));
    EXPECT_TRUE(torch::equal(norm->running_var, variance));
    EXPECT_EQ(norm->num_batches_tracked.item<int64_t>(), 1);
    norm->eval();
    EXPECT_TRUE(torch::equal(trained, norm->forward(x)));
  }
}

TEST(BatchNorm, LetsGradientsThroughASingleValue) {
  BatchNorm norm = experienced();
  const auto x = torch::randn({1, 2}).requires_grad_();

  norm->forward(x).sum().backward();

  EXPECT_TRUE(torch::isfinite(x.grad()).all().item<bool>());
  EXPECT_TRUE((x.grad() != 0).all().item<bool>());
  EXPECT_TRUE(norm->weight.grad().defined());
}

TEST(BatchNorm, LearnsFromTwoValues) {
  BatchNorm norm = experienced();
  const auto mean = norm->running_mean.clone();

  norm->forward(torch::randn({2, 2}));

  EXPECT_FALSE(torch::equal(norm->running_mean, mean));
  EXPECT_TRUE(torch::isfinite(norm->running_var).all().item<bool>());
}

}  // namespace
}  // namespace bonafide
