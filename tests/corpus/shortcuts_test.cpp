#include "corpus/shortcuts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "corpus/flac_file.h"
#include "scratch.h"

namespace bonafide {
namespace {

double value_of(const Shortcuts& shortcuts, std::string_view name) {
  const auto at = std::find(kShortcutNames.begin(), kShortcutNames.end(), name);
  return shortcuts[static_cast<size_t>(at - kShortcutNames.begin())];
}

// Half a second of silence, one of a tone, a quarter of silence.
Waveform tone_in_silence(double hz, double amplitude) {
  Waveform waveform{std::vector<float>(28000), 16000};
  for (size_t i = 8000; i < 24000; ++i) {
    waveform.samples[i] = static_cast<float>(
        amplitude * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / 16000));
  }
  return waveform;
}

TEST(Shortcuts, AreWhatTheirNamesSay) {
  const Shortcuts shortcuts = measure_shortcuts(tone_in_silence(5000, 0.5));

  EXPECT_NEAR(value_of(shortcuts, "duration"), 1.75, 1e-9);
  EXPECT_NEAR(value_of(shortcuts, "leading silence"), 0.5, 1e-9);
  EXPECT_NEAR(value_of(shortcuts, "trailing silence"), 0.25, 1e-9);
  EXPECT_NEAR(value_of(shortcuts, "level (rms)"), 10 * std::log10(0.125 / 1.75), 0.01);
  EXPECT_NEAR(value_of(shortcuts, "DC offset"), 0, 1e-6);
  EXPECT_GT(value_of(shortcuts, "exact zeros"), 0.4);
  EXPECT_LT(value_of(shortcuts, "pause floor"), -100);
  EXPECT_NEAR(value_of(shortcuts, "energy 4-7 kHz"), 0, 0.1);
  EXPECT_LT(value_of(shortcuts, "energy 7-8 kHz"), -40);
  EXPECT_LT(value_of(shortcuts, "energy below 80 Hz"), -40);
  EXPECT_NEAR(value_of(shortcuts, "crest factor"), 10 * std::log10(2 * 1.75), 0.05);
}

TEST(Shortcuts, SeeLowHumAndHighHiss) {
  EXPECT_NEAR(value_of(measure_shortcuts(tone_in_silence(50, 0.5)), "energy below 80 Hz"), 0, 0.1);
  EXPECT_NEAR(value_of(measure_shortcuts(tone_in_silence(7500, 0.5)), "energy 7-8 kHz"), 0, 0.1);
}

TEST(Shortcuts, RefuseWhatTheyAreNotMeantFor) {
  EXPECT_THROW(measure_shortcuts(Waveform{std::vector<float>(8000), 8000}), Error);
  EXPECT_THROW(measure_shortcuts(Waveform{std::vector<float>(100), 16000}), Error);
}

TEST(Separation, IsHalfForEqualAndOneForSeparateValues) {
  EXPECT_DOUBLE_EQ(separation({1, 1, 1}, {1, 1}), 0.5);
  EXPECT_DOUBLE_EQ(separation({1, 2}, {3, 4}), 1);
  EXPECT_DOUBLE_EQ(separation({3, 4}, {1, 2}), 1);
}

TEST(Separation, CountsPairs) {
  // 3 of 4 pairs have the larger bona fide value.
  EXPECT_DOUBLE_EQ(separation({2, 4}, {1, 3}), 0.75);
  EXPECT_DOUBLE_EQ(separation({2, 4}, {1, 4}), 0.625);
  EXPECT_TRUE(std::isnan(separation({}, {1})));
}

TEST(ShortcutTable, ComparesTheClassesOfEachPartition) {
  const Scratch scratch;
  std::vector<Trial> trials;
  for (const char* partition : {"train", "dev"}) {
    for (int i = 0; i < 4; ++i) {
      Trial trial;
      trial.id = partition + std::to_string(i);
      trial.path = scratch / (trial.id + ".flac");
      trial.partition = partition;
      trial.truth = i < 2 ? Truth::kBonaFide : Truth::kSpoof;
      const bool longer = trial.partition == "train" && i < 2;
      write_flac(trial.path, std::vector<int16_t>(longer ? 4000 : 3000, 100), 16000);
      trials.push_back(trial);
    }
  }
  NoProgress progress;

  const ShortcutTable table = measure_shortcuts(trials, 2, progress);

  ASSERT_EQ(table.partitions, (std::vector<std::string>{"all", "train", "dev"}));
  EXPECT_EQ(value_of(table.areas[0], "duration"), 0.75);
  EXPECT_EQ(value_of(table.areas[1], "duration"), 1);
  EXPECT_EQ(value_of(table.areas[2], "duration"), 0.5);
}

}  // namespace
}  // namespace bonafide
