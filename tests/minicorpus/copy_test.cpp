#include "minicorpus/copy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "augment/vowel.h"
#include "base/error.h"
#include "scratch.h"

namespace bonafide {
namespace {

double level(const Waveform& waveform) {
  double sum = 0;
  for (const float value : waveform.samples) sum += static_cast<double>(value) * value;
  return 10 * std::log10(sum / static_cast<double>(waveform.samples.size()));
}

class Copy : public testing::TestWithParam<std::string> {};

TEST_P(Copy, KeepsLengthAndLevelButNotTheSamples) {
  const CopySystem& system = find_copy_system(GetParam());
  if (!is_installed(system)) GTEST_SKIP() << system.package << " is not installed";
  const Scratch scratch;
  const Waveform original = make_vowel(1.5, system.sample_rate, 11);

  const Waveform copy = system.copy(original, scratch.path(), 1);

  EXPECT_EQ(copy.sample_rate, original.sample_rate);
  EXPECT_NEAR(copy.seconds(), original.seconds(), 0.1);
  // Codec2's lowest rates are meant for speech alone.
  EXPECT_NEAR(level(copy), level(original), 10);
  EXPECT_NE(copy.samples, original.samples);
}

TEST_P(Copy, IsTheSameEveryTime) {
  const CopySystem& system = find_copy_system(GetParam());
  if (!is_installed(system)) GTEST_SKIP() << system.package << " is not installed";
  const Scratch scratch;
  const Waveform original = make_vowel(0.7, system.sample_rate, 12);

  EXPECT_EQ(system.copy(original, scratch.path(), 1).samples,
            system.copy(original, scratch.path(), 1).samples);
}

TEST_P(Copy, SurvivesDigitalSilence) {
  const CopySystem& system = find_copy_system(GetParam());
  if (!is_installed(system)) GTEST_SKIP() << system.package << " is not installed";
  const Scratch scratch;
  Waveform original = make_vowel(1, system.sample_rate, 13);
  std::fill_n(original.samples.begin(), original.samples.size() / 2, 0.0f);

  for (const float value : system.copy(original, scratch.path(), 1).samples) {
    ASSERT_TRUE(std::isfinite(value));
  }
}

INSTANTIATE_TEST_SUITE_P(EverySystem, Copy, testing::ValuesIn([] {
                           std::vector<std::string> ids;
                           for (const CopySystem& system : copy_systems()) ids.push_back(system.id);
                           return ids;
                         }()),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(CopySystems, RefuseAnUnknownName) { EXPECT_THROW(find_copy_system("world"), Error); }

}  // namespace
}  // namespace bonafide
