#include <gtest/gtest.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "augment/chain.h"
#include "augment/levels.h"
#include "augment/vowel.h"
#include "base/error.h"
#include "corpus/flac_file.h"
#include "error_text.h"
#include "recipe/recipe.h"
#include "scratch.h"

namespace bonafide {
namespace {

// A folder with recordings as MUSAN and RIRS_NOISES have them.
class Augmentations : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* category : {"noise", "music", "speech"}) {
      const auto folder = scratch_.path() / "musan" / category;
      std::filesystem::create_directories(folder);
      for (int i = 0; i < 3; ++i) write(folder / (std::to_string(i) + ".flac"), 0.3, i);
    }
    std::filesystem::create_directories(scratch_.path() / "rirs");
    std::vector<int16_t> response(4000);
    response[10] = 16000;
    response[900] = 8000;
    write_flac(scratch_.path() / "rirs/room.flac", response, 16000);
    response[2000] = 4000;
    write_flac(scratch_.path() / "rirs/hall.flac", response, 16000);
  }

  static void write(const std::filesystem::path& path, double seconds, int seed) {
    Random random(static_cast<uint64_t>(seed));
    std::vector<int16_t> samples(static_cast<size_t>(seconds * 16000));
    for (int16_t& sample : samples) sample = static_cast<int16_t>(3000 * random.uniform(-1, 1));
    write_flac(path, samples, 16000);
  }

  std::unique_ptr<Augmentation> make(const std::string& yaml) {
    return make_chain(parse_yaml(yaml, "test"), "augment.steps");
  }

  // Every augmentation with its defaults, and the published chains.
  std::vector<std::string> all() {
    std::vector<std::string> steps;
    for (const AugmentationKind& kind : augmentations()) {
      std::string step = "- {name: " + std::string(kind.name);
      if (kind.name == "background") step += ", folder: " + musan() + ", category: noise";
      if (kind.name == "reverberation") step += ", folder: " + rirs();
      steps.push_back(step + "}");
    }
    for (const PublishedChain& chain : published_chains()) {
      if (chain.name == "same") continue;  // needs the program ffmpeg
      std::string step = "- {name: " + std::string(chain.name);
      if (chain.name == "sasv") step += ", musan: " + musan() + ", rirs: " + rirs();
      steps.push_back(step + "}");
    }
    return steps;
  }

  std::string musan() const { return (scratch_.path() / "musan").string(); }
  std::string rirs() const { return (scratch_.path() / "rirs").string(); }

  Scratch scratch_;
};

Waveform applied(const Augmentation& augmentation, const Waveform& waveform, uint64_t seed) {
  Random random(seed);
  return augmentation.apply(waveform, random);
}

TEST_F(Augmentations, GiveTheSameForTheSameSeedAndOtherwiseOther) {
  const Waveform voice = make_vowel(1, 16000, 3);
  for (const std::string& yaml : all()) {
    SCOPED_TRACE(yaml);
    const auto augmentation = make(yaml);
    bool differs =
        yaml.find("mu_law") != std::string::npos || yaml.find("trim_silence") != std::string::npos;
    for (uint64_t seed = 0; seed < 8; ++seed) {
      const auto once = applied(*augmentation, voice, seed).samples;
      EXPECT_EQ(once, applied(*augmentation, voice, seed).samples);
      differs = differs || once != applied(*augmentation, voice, seed + 1).samples;
    }
    EXPECT_TRUE(differs);
  }
}

TEST_F(Augmentations, KeepRateAndLength) {
  const Waveform voice = make_vowel(0.7, 16000, 4);
  for (const std::string& yaml : all()) {
    if (yaml.find("trim_silence") != std::string::npos || yaml.find("rat") != std::string::npos) {
      continue;  // may cut silence
    }
    SCOPED_TRACE(yaml);
    const Waveform changed = applied(*make(yaml), voice, 5);
    EXPECT_EQ(changed.samples.size(), voice.samples.size());
    EXPECT_EQ(changed.sample_rate, 16000);
  }
}

TEST_F(Augmentations, TakeEmptyTinySilentAndBrokenSignals) {
  for (const std::string& yaml : all()) {
    SCOPED_TRACE(yaml);
    const auto augmentation = make(yaml);
    for (uint64_t seed = 0; seed < 4; ++seed) {
      EXPECT_TRUE(applied(*augmentation, {{}, 16000}, seed).samples.empty());
      for (const size_t length : {1, 2, 3, 20, 161}) {
        const Waveform tiny{std::vector<float>(length, 0.25f), 16000};
        EXPECT_EQ(applied(*augmentation, tiny, seed).samples.size(), length);
      }
      const Waveform silence{std::vector<float>(5000), 16000};
      for (const float sample : applied(*augmentation, silence, seed).samples) {
        EXPECT_TRUE(std::isfinite(sample));
      }
      Waveform broken = make_vowel(0.3, 16000, 1);
      broken.samples[100] = std::numeric_limits<float>::quiet_NaN();
      broken.samples[200] = std::numeric_limits<float>::infinity();
      applied(*augmentation, broken, seed);  // no crash is all that is promised
    }
  }
}

TEST_F(Augmentations, WorkAtTelephoneAndStudioRates) {
  for (const std::string& yaml : all()) {
    SCOPED_TRACE(yaml);
    for (const int rate : {8000, 44100, 48000}) {
      const Waveform voice = make_vowel(0.5, rate, 2);
      const Waveform changed = applied(*make(yaml), voice, 1);
      EXPECT_EQ(changed.sample_rate, rate);
      for (const float sample : changed.samples) ASSERT_TRUE(std::isfinite(sample));
    }
  }
}

TEST_F(Augmentations, BackgroundReachesTheSignalToNoiseRatio) {
  const Waveform voice = make_vowel(1, 16000, 6);
  const auto augmentation =
      make("- {name: background, folder: " + musan() + ", category: noise, snr_db: 7}");

  const Waveform noisy = applied(*augmentation, voice, 2);

  std::vector<float> noise;
  for (size_t i = 0; i < voice.samples.size(); ++i) {
    noise.push_back(noisy.samples[i] - voice.samples[i]);
  }
  // The recipe's levels have a floor of 1e-4; both signals lie well above it.
  EXPECT_NEAR(10 * std::log10(power_of(voice.samples) / power_of(noise)), 7, 0.3);
}

TEST_F(Augmentations, ReverberationOfOneImpulseIsTheResponse) {
  Waveform click{std::vector<float>(2000), 16000};
  click.samples[0] = 1;

  const Waveform wet =
      applied(*make("- {name: reverberation, folder: " + rirs() + ", without: hall}"), click, 1);

  const double norm = std::sqrt(1 + 0.25);
  EXPECT_NEAR(wet.samples[10], 1 / norm, 1e-5);
  EXPECT_NEAR(wet.samples[900], 0.5 / norm, 1e-5);
  EXPECT_NEAR(wet.samples[500], 0, 1e-6);
}

TEST_F(Augmentations, AStepIsTakenAsOftenAsItsProbabilitySays) {
  const auto chain = make("- {name: gain, p: 0.3, db: -6}");
  int taken = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    taken += applied(*chain, {{1.0f}, 16000}, seed).samples[0] < 0.9f;
  }
  EXPECT_NEAR(taken / 2000.0, 0.3, 0.04);
}

TEST_F(Augmentations, WhatOneStepDrawsDoesNotShiftTheNext) {
  const Waveform silence{std::vector<float>(50), 16000};
  const auto with = make("[{name: time_mask, p: 1}, {name: white_noise, amplitude: 0.1}]");
  const auto without = make("[{name: time_mask, p: 0}, {name: white_noise, amplitude: 0.1}]");
  EXPECT_EQ(applied(*with, silence, 9).samples, applied(*without, silence, 9).samples);
}

TEST_F(Augmentations, ErrorsNameStepAndKey) {
  const auto message = [&](const std::string& yaml) {
    return error_text<UsageError>([&] { make(yaml); });
  };
  EXPECT_EQ(message("[mu_law, {name: gain, dB: 3}]"),
            "augment.steps[1] (gain): unknown key \"dB\" (did you mean \"db\"?)");
  EXPECT_EQ(message("[{name: gain, db: loud}]"),
            "augment.steps[0] (gain): db must be a number or a pair [low, high], not \"loud\"");
  EXPECT_EQ(message("[{name: gain, db: [3, 1]}]"),
            "augment.steps[0] (gain): db must be a pair [low, high] with low first, not [3,1]");
  EXPECT_EQ(message("[{name: gain, p: 1.5}]"),
            "augment.steps[0] (gain): p must be 0 to 1, not 1.5");
  EXPECT_EQ(message("[rawbost]"),
            "augment.steps[0] (rawbost): unknown augmentation \"rawbost\" (did you mean "
            "rawboost)");
  EXPECT_EQ(message("[{name: one_of, steps: []}]"),
            "augment.steps[0] (one_of): steps must be a list with at least one step, not []");
  EXPECT_EQ(message("[{name: background}]"),
            "augment.steps[0] (background): folder must be the folder of the recordings, not "
            "missing");
}

TEST_F(Augmentations, ChainsWithoutEndAreRefused) {
  std::string yaml = "[]";
  for (int i = 0; i < 12; ++i) yaml = "[{name: chain, steps: " + yaml + "}]";
  EXPECT_THROW(make(yaml), UsageError);
}

}  // namespace
}  // namespace bonafide
