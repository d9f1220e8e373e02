#include "models/s2pecnet_decoders.h"

#include <gtest/gtest.h>

#include <set>

namespace bonafide {
namespace {

// What the decoder makes of a map, and the gradients of some loss: of the map, and of the
// parameters that no batch norm hides from it.
std::vector<torch::Tensor> made(WaveDecoder& decoder, const Watcher& watcher) {
  torch::manual_seed(2);
  auto map = torch::randn({1, 64, 23, 29}).requires_grad_();
  decoder->zero_grad();
  const auto wave = decoder->forward(map, watcher);
  (wave * torch::randn_like(wave)).sum().backward();
  std::vector<torch::Tensor> results = {wave, map.grad()};
  for (const auto& parameter : decoder->named_parameters()) {
    if (parameter.key() >= "decoder_conv.6") results.push_back(parameter.value().grad().clone());
  }
  return results;
}

TEST(WaveDecoder, MakesTheSameOfItsLayersTogetherAsOneAfterAnother) {
  torch::manual_seed(1);
  WaveDecoder decoder;
  std::set<std::string> seen;

  const auto together = made(decoder, {});
  const auto one_by_one =
      made(decoder, [&](const std::string& name, const torch::Tensor&) { seen.insert(name); });

  ASSERT_EQ(together.size(), 7);
  ASSERT_EQ(one_by_one.size(), together.size());
  for (size_t i = 0; i < together.size(); ++i) {
    const double scale = one_by_one[i].abs().max().item<double>();
    EXPECT_GT(scale, 0);
    EXPECT_LE((together[i] - one_by_one[i]).abs().max().item<double>(), 2e-5 * scale) << i;
  }
  EXPECT_EQ(together[0].sizes(), (std::vector<int64_t>{1, 64600}));
  EXPECT_EQ(seen.count("decoder_conv.7"), 1);
}

}  // namespace
}  // namespace bonafide
