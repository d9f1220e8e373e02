#include "nn/angle_linear.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

TEST(AngleLinear, GivesCosinesWhateverTheLengths) {
  AngleLinear layer(2, 2);
  {
    const torch::NoGradGuard no_grad;
    layer->parameters()[0].copy_(torch::tensor({{2.0f, 3.0f}, {0.0f, 3.0f}}));
  }

  const auto cosines = layer(torch::tensor({{5.0f, 0.0f}, {0.0f, -0.1f}}));

  const float half = std::sqrt(0.5f);
  EXPECT_TRUE(torch::allclose(cosines, torch::tensor({{1.0f, half}, {0.0f, -half}})));
}

TEST(AngleLinear, KeepsItsClassesInColumnsAsTheReferenceDoes) {
  AngleLinear layer(80, 2);

  EXPECT_EQ(layer->named_parameters()["weight"].sizes(), (std::vector<int64_t>{80, 2}));
}

}  // namespace
}  // namespace bonafide
