#include "features/sinc_filters.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(SincFilters, SpaceTheirEdgesEquallyInMel) {
  const SincFilters bank = make_sinc_filters(/*filters=*/2, /*taps=*/5, /*sample_rate=*/16000);

  ASSERT_EQ(bank.edges.size(), 3u);
  EXPECT_DOUBLE_EQ(bank.edges[0], 0.0);
  // 2595 log10(1 + 8000 / 700) = 2840.02 mel; half of it is 1767.8 Hz.
  EXPECT_NEAR(bank.edges[1], 1767.8, 0.1);
  EXPECT_NEAR(bank.edges[2], 8000.0, 1e-9);
}

TEST(SincFilters, AreSymmetric) {
  const auto filters = make_sinc_filters(70, 129, 16000).band_pass;

  EXPECT_LT((filters - filters.flip(1)).abs().max().item<double>(), 1e-15);
}

TEST(SincFilters, PassTheirOwnBandAndStopTheOthers) {
  const SincFilters bank = make_sinc_filters(4, 1025, 16000);
  const double inside = (bank.edges[1] + bank.edges[2]) / 2 / 16000;
  const auto n = torch::arange(1025, torch::kFloat64);
  const auto tone = torch::cos(2 * M_PI * inside * (n - 512));

  const auto response = torch::mv(bank.band_pass, tone);

  EXPECT_NEAR(response[1].item<double>(), 1.0, 0.01);
  EXPECT_NEAR(response[3].item<double>(), 0.0, 0.01);
}

TEST(SincFilters, RefuseAnEvenNumberOfTaps) {
  EXPECT_THROW(make_sinc_filters(70, 128, 16000), Error);
}

}  // namespace
}  // namespace bonafide
