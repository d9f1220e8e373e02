#include "nn/graph_pool.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

// A pool that scores a node by its first feature.
GraphPool pool_by_first_feature(double ratio, int64_t least = 1) {
  GraphPool pool(ratio, /*dim=*/2, least);
  const torch::NoGradGuard no_grad;
  pool->named_parameters()["proj.weight"].copy_(torch::tensor({{1.0f, 0.0f}}));
  pool->named_parameters()["proj.bias"].zero_();
  pool->eval();
  return pool;
}

TEST(GraphPool, KeepsTheBestNodesInFallingOrder) {
  auto pool = pool_by_first_feature(0.5);
  const auto nodes = torch::tensor({{{1.0f, 1.0f}, {3.0f, 1.0f}, {-1.0f, 1.0f}, {2.0f, 1.0f}}});

  const auto kept = pool(nodes);

  ASSERT_EQ(kept.sizes(), torch::IntArrayRef({1, 2, 2}));
  const auto scores = torch::sigmoid(torch::tensor({3.0f, 2.0f}));
  EXPECT_TRUE(torch::allclose(kept.select(2, 1)[0], scores));
}

TEST(GraphPool, KeepsTheLeastNumberOfASmallGraph) {
  EXPECT_EQ(pool_by_first_feature(0.1)(torch::zeros({1, 3, 2})).size(1), 1);
  EXPECT_EQ(pool_by_first_feature(0.1, /*least=*/2)(torch::zeros({1, 3, 2})).size(1), 2);
}

}  // namespace
}  // namespace bonafide
