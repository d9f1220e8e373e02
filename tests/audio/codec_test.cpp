#include "audio/codec.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "error_text.h"

namespace bonafide {
namespace {

// Harmonics of 150 Hz from 450 Hz to 3 kHz: what every codec carries, and above the high-pass
// filters of AMR, which turn the phase of a fundamental.
Waveform voice(double seconds, int rate) {
  Waveform waveform{{}, rate};
  for (size_t i = 0; i < static_cast<size_t>(seconds * rate); ++i) {
    const double t = static_cast<double>(i) / rate;
    double sum = 0;
    for (int h = 3; h <= 20; ++h) sum += 0.4 / h * std::sin(2 * 3.14159265 * 150 * h * t);
    waveform.samples.push_back(static_cast<float>(sum * (0.6 + 0.4 * std::sin(9 * t))));
  }
  return waveform;
}

// Harmonics between 350 Hz and 3.3 kHz of a voice that glides: like itself at one delay only.
Waveform gliding_voice() {
  Waveform waveform{{}, 16000};
  double phase = 0;
  for (int i = 0; i < 16000; ++i) {
    const double t = i / 16000.0, pitch = 110 + 40 * std::sin(5 * t);
    phase += 2 * 3.14159265 * pitch / 16000;
    double sum = 0;
    for (int h = 4; h * pitch < 3300; ++h) sum += 0.4 / h * std::sin(h * phase + 0.7 * h * h);
    waveform.samples.push_back(static_cast<float>(sum * (0.6 + 0.4 * std::sin(20 * t))));
  }
  return waveform;
}

// Of b with an a that comes `delay` samples later.
double correlation(const std::vector<float>& a, const std::vector<float>& b, ptrdiff_t delay) {
  double ab = 0, aa = 0, bb = 0;
  for (ptrdiff_t i = std::max<ptrdiff_t>(delay, 0); i < std::ssize(b); ++i) {
    if (i - delay >= std::ssize(a)) break;
    const double x = a[static_cast<size_t>(i - delay)], y = b[static_cast<size_t>(i)];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / std::sqrt(aa * bb + 1e-30);
}

struct Match {
  ptrdiff_t delay = 0;  // samples
  double likeness = 0;
};

Match best_match(const std::vector<float>& a, const std::vector<float>& b) {
  Match best;
  for (ptrdiff_t delay = -300; delay <= 300; ++delay) {
    const double likeness = correlation(a, b, delay);
    if (likeness > best.likeness) best = {delay, likeness};
  }
  return best;
}

class EveryCodec : public testing::TestWithParam<size_t> {};

TEST_P(EveryCodec, LeavesAVoiceRecognisableButNotTheSame) {
  const Codec& codec = codecs()[GetParam()];
  if (!codec.missing.empty()) GTEST_SKIP() << codec.missing;
  const Waveform original = voice(1, 16000);

  const Waveform coded = pass_codec(original, codec);

  ASSERT_EQ(coded.samples.size(), original.samples.size());
  EXPECT_EQ(coded.sample_rate, 16000);
  EXPECT_NE(coded.samples, original.samples);
  EXPECT_GT(correlation(original.samples, coded.samples, 0), 0.8) << codec.name;
}

TEST_P(EveryCodec, CostsNoTimeAtAnyBitRate) {
  const Codec& codec = codecs()[GetParam()];
  if (!codec.missing.empty()) GTEST_SKIP() << codec.missing;
  const Waveform original = gliding_voice();
  std::vector<int> rates = codec.bit_rates;
  if (rates.empty()) rates = {0};
  for (const int rate : rates) {
    const Match match = best_match(original.samples, pass_codec(original, codec, rate).samples);
    EXPECT_LE(std::abs(match.delay), 1) << codec.name << " at " << rate;
    EXPECT_GT(match.likeness, 0.7) << codec.name << " at " << rate;
  }
}

TEST_P(EveryCodec, BringsTheEndThrough) {
  const Codec& codec = codecs()[GetParam()];
  if (!codec.missing.empty()) GTEST_SKIP() << codec.missing;
  const Waveform original = voice(1, 16000);
  const auto coded = pass_codec(original, codec).samples;
  const auto level = [](const std::vector<float>& samples) {
    double sum = 0;
    for (size_t i = samples.size() - 400; i < samples.size(); ++i) sum += samples[i] * samples[i];
    return std::sqrt(sum);
  };
  EXPECT_GT(level(coded), 0.6 * level(original.samples));
}

// The table of delays there says what is true here.
TEST_P(EveryCodec, HasItsDelayInTheDocumentation) {
  const Codec& codec = codecs()[GetParam()];
  const std::string page = read_text(std::string(BONAFIDE_SOURCE_DIR) + "/docs/training.md");
  const double milliseconds = 1000.0 * codec.delay / codec.sample_rate;
  const std::string row =
      fmt::format("| `{}` | {} | {:.1f} |", codec.name, codec.delay, milliseconds);
  EXPECT_NE(page.find(row), std::string::npos) << row;
}

TEST_P(EveryCodec, TakesTinyAndBrokenSignalsAtAnyRate) {
  const Codec& codec = codecs()[GetParam()];
  if (!codec.missing.empty()) GTEST_SKIP() << codec.missing;
  EXPECT_TRUE(pass_codec({{}, 16000}, codec).samples.empty());
  EXPECT_EQ(pass_codec({{0.5f}, 16000}, codec).samples.size(), 1U);
  EXPECT_EQ(pass_codec(voice(0.1, 44100), codec).samples.size(), 4410U);
  Waveform broken = voice(0.1, codec.sample_rate);
  broken.samples[50] = std::numeric_limits<float>::quiet_NaN();
  broken.samples[60] = std::numeric_limits<float>::infinity();
  broken.samples[70] = 1e30f;
  for (const float sample : pass_codec(broken, codec).samples) {
    EXPECT_TRUE(std::isfinite(sample));
  }
}

TEST_P(EveryCodec, HasBitRatesThatMakeADifference) {
  const Codec& codec = codecs()[GetParam()];
  if (!codec.missing.empty()) GTEST_SKIP() << codec.missing;
  if (codec.bit_rates.empty()) GTEST_SKIP() << "one bit rate";
  const Waveform original = voice(0.3, 16000);
  const int low = *std::min_element(codec.bit_rates.begin(), codec.bit_rates.end());
  const int high = *std::max_element(codec.bit_rates.begin(), codec.bit_rates.end());
  EXPECT_NE(pass_codec(original, codec, low).samples, pass_codec(original, codec, high).samples);
}

INSTANTIATE_TEST_SUITE_P(All, EveryCodec, testing::Range<size_t>(0, codecs().size()),
                         [](const auto& test) {
                           std::string name(codecs()[test.param].name);
                           std::erase(name, '-');
                           return name;
                         });

TEST(LostPackets, AreConcealedByEveryConversationCodec) {
  const Waveform original = voice(0.4, 16000);
  for (const char* name : {"alaw", "gsm", "amr-nb", "amr-wb", "g722", "opus"}) {
    const Codec* codec = nullptr;
    for (const Codec& known : codecs()) codec = known.name == name ? &known : codec;
    if (!codec->missing.empty()) continue;
    size_t asked = 0;
    const auto lossy = pass_codec(original, *codec, 0, [&] { return ++asked % 5 == 0; });
    EXPECT_GE(asked, 20U) << name;
    EXPECT_LE(asked, 22U) << name;
    EXPECT_NE(lossy.samples, pass_codec(original, *codec).samples) << name;
    for (const float sample : lossy.samples) ASSERT_TRUE(std::isfinite(sample)) << name;
  }
}

TEST(LostPackets, RepeatTheOneBeforeAtHalfTheLevel) {
  std::vector<float> samples = {1, 2, 3, 4, 5, 6, 7};
  size_t packet = 0;
  repeat_lost_packets(samples, 2, [&] { return packet++ > 0 && packet < 4; });
  EXPECT_EQ(samples, (std::vector<float>{1, 2, 0.5, 1, 0.25, 0.5, 7}));
}

TEST(FindCodec, NamesTheNearest) {
  EXPECT_EQ(error_text<UsageError>([&] { find_codec("amr_nb"); }),
            "unknown codec \"amr_nb\" (did you mean amr-nb)");
}

}  // namespace
}  // namespace bonafide
