#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "models/network.h"

namespace bonafide {
namespace {

TEST(RawGatSt, RefusesWaveformsThatGiveAnotherNumberOfFrames) {
  const auto network = make_network(
      {{"architecture", "RawNetGatSpoofST"}, {"filts", {70, {1, 2}, {2, 2}, {2, 2}, {2, 2}}}});

  EXPECT_THROW(network->forward(torch::zeros({1, 16000})), Error);
}

}  // namespace
}  // namespace bonafide
