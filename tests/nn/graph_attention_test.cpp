#include "nn/graph_attention.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

TEST(GraphAttention, TreatsTheNodesAsASet) {
  torch::manual_seed(1);
  GraphAttention layer(4, 3, /*temperature=*/2.0);
  layer->eval();
  const auto nodes = torch::randn({2, 5, 4});
  const auto order = torch::tensor({4, 2, 0, 1, 3});

  const auto permuted_after = layer(nodes).index_select(1, order);
  const auto permuted_before = layer(nodes.index_select(1, order));

  EXPECT_TRUE(torch::allclose(permuted_after, permuted_before, 1e-5, 1e-6));
}

TEST(HeterogeneousGraphAttention, KeepsTheNumbersOfNodes) {
  torch::manual_seed(1);
  HeterogeneousGraphAttention layer(4, 3, /*temperature=*/100.0);
  layer->eval();

  const auto [type1, type2, master] =
      layer(torch::randn({2, 5, 4}), torch::randn({2, 6, 4}), torch::randn({1, 1, 4}));

  EXPECT_EQ(type1.sizes(), torch::IntArrayRef({2, 5, 3}));
  EXPECT_EQ(type2.sizes(), torch::IntArrayRef({2, 6, 3}));
  EXPECT_EQ(master.sizes(), torch::IntArrayRef({2, 1, 3}));
}

}  // namespace
}  // namespace bonafide
