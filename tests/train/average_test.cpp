#include "train/average.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(WeightAverage, IsTheMeanOfItsSnapshots) {
  torch::nn::Linear module(1, 1);
  WeightAverage average;
  for (const double value : {1.0, 2.0, 6.0}) {
    const torch::NoGradGuard no_grad;
    module->weight.fill_(value);
    average.add(*module);
  }

  average.write_to(*module);

  EXPECT_NEAR(module->weight.item<double>(), 3.0, 1e-6);
}

TEST(WeightAverage, GoesOnAfterBeingSaved) {
  torch::nn::Linear module(1, 1);
  const torch::NoGradGuard no_grad;
  WeightAverage first, second;
  module->weight.fill_(1.0);
  first.add(*module);
  TensorFile file;
  first.save("average.", file);

  second.load("average.", file, *module);
  module->weight.fill_(3.0);
  second.add(*module);
  second.write_to(*module);

  EXPECT_NEAR(module->weight.item<double>(), 2.0, 1e-6);
}

TEST(WeightAverage, RefusesAStateOfAnotherNetwork) {
  WeightAverage average;
  average.add(*torch::nn::Linear(1, 1));
  TensorFile file;
  average.save("average.", file);

  EXPECT_THROW(average.load("average.", file, *torch::nn::Linear(2, 1)), Error);
}

TEST(WeightAverage, OfNothingIsAnError) {
  torch::nn::Linear module(1, 1);

  EXPECT_THROW(WeightAverage().write_to(*module), Error);
}

}  // namespace
}  // namespace bonafide
