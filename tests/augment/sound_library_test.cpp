#include "augment/sound_library.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "audio/sound_files.h"
#include "base/error.h"

namespace bonafide {
namespace {

class SoundLibraryTest : public testing::Test {
 protected:
  // A recording whose samples count up, so that a stretch says where it was cut.
  void write(const std::string& name, size_t length) {
    std::vector<int16_t> samples(length);
    for (size_t i = 0; i < length; ++i) samples[i] = static_cast<int16_t>(i % 30000);
    write_bytes(folder_ / name, Wav{.samples = samples}.bytes());
  }

  static bool counts_up(const std::vector<float>& samples) {
    return std::adjacent_find(samples.begin(), samples.end(), [](float a, float b) {
             const auto step = static_cast<int>((b - a) * 32768);
             return step != 1 && step != -29999;
           }) == samples.end();
  }

  Scratch folder_;
};

TEST_F(SoundLibraryTest, CutsStretchesOutOfLongAndShortRecordings) {
  write("long.wav", 2000000);  // 4 MB
  write("short.wav", 20000);
  const SoundLibrary library(folder_.path(), "");
  Random random(1, 2);
  for (const size_t i : {0, 1}) {
    const auto first = library.stretch(i, 16000, 5000, random);
    const auto second = library.stretch(i, 16000, 5000, random);

    EXPECT_EQ(first.size(), 5000u);
    EXPECT_TRUE(counts_up(first));
    EXPECT_NE(first, second);
    Random again(1, 3), once(1, 3);
    EXPECT_EQ(library.stretch(i, 16000, 5000, again), library.stretch(i, 16000, 5000, once));
  }
}

TEST_F(SoundLibraryTest, RepeatsWhatIsTooShort) {
  write("long.wav", 1200000);
  write("short.wav", 3);
  const SoundLibrary library(folder_.path(), "");
  Random random(1, 2);
  const auto repeated = library.stretch(0, 16000, 1200010, random);
  ASSERT_EQ(repeated.size(), 1200010u);
  EXPECT_EQ(repeated[1200001], repeated[1]);
  EXPECT_EQ(library.stretch(1, 16000, 5, random).back(), 1 / 32768.0F);
}

TEST_F(SoundLibraryTest, DecodesOfALongRecordingOnlyTheStretch) {
  auto samples = sine(100, 16000, 600000);  // 2.4 MB of floats
  samples.back() = std::numeric_limits<float>::quiet_NaN();
  write_sound(folder_ / "long.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 16000, 1, samples);
  const SoundLibrary library(folder_.path(), "");
  Random random(1, 2);

  EXPECT_EQ(library.stretch(0, 16000, 5000, random).size(), 5000u);
  EXPECT_THROW(library.get(0, 16000), Error);  // would have seen the end
}

TEST_F(SoundLibraryTest, KeepsALongRecordingThatMustBeDecodedAsAWhole) {
  write("long.wav", 1200000);
  const SoundLibrary library(folder_.path(), "");
  Random random(1, 2), again(1, 2);
  const auto first = library.stretch(0, 8000, 5000, random);  // resampled
  write_bytes(folder_ / "long.wav", Wav{.samples = std::vector<int16_t>(1200000)}.bytes());

  EXPECT_EQ(library.stretch(0, 8000, 5000, again), first);
}

}  // namespace
}  // namespace bonafide
