#include "features/waveform_norm.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(WaveformNorm, TakesEachRecordingOverItsTrueLength) {
  const auto waves = torch::tensor({{1.0, 3.0, 9.0}, {2.0, 4.0, 6.0}}, torch::kFloat64);
  const auto lengths = torch::tensor({2, 3}, torch::kInt64);
  const double edge = 2.0 / std::sqrt(8.0 / 3.0);

  const auto result = normalize_waveforms(waves, lengths, WaveformScope::kUtterance, 1e-12);

  const auto want = torch::tensor({{-1.0, 1.0, 0.0}, {-edge, 0.0, edge}}, torch::kFloat64);
  EXPECT_TRUE(torch::allclose(result, want));
}

TEST(WaveformNorm, OfTheBatchTakesAllSamplesTogether) {
  const auto waves = torch::tensor({{0.0, 0.0}, {2.0, 2.0}}, torch::kFloat64);

  const auto result = normalize_waveforms(waves, {}, WaveformScope::kBatch, 1e-12);

  EXPECT_TRUE(torch::allclose(result, waves - 1.0));
}

TEST(WaveformNorm, LeavesSilenceSilent) {
  EXPECT_TRUE(torch::equal(normalize_waveforms(torch::zeros({1, 9}), {}), torch::zeros({1, 9})));
}

TEST(WaveformNorm, RefusesLengthsThatNoRecordingHas) {
  const auto waves = torch::zeros({2, 4});

  EXPECT_THROW(normalize_waveforms(waves, torch::tensor({4, 5})), Error);
  EXPECT_THROW(normalize_waveforms(waves, torch::tensor({0, 4})), Error);
  EXPECT_THROW(normalize_waveforms(waves, torch::tensor({4})), Error);
}

}  // namespace
}  // namespace bonafide
