#include "audio/codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/random.h"

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

double correlation(const std::vector<float>& a, const std::vector<float>& b, size_t delay) {
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = delay; i < a.size(); ++i) {
    ab += a[i - delay] * b[i];
    aa += a[i - delay] * a[i - delay];
    bb += b[i] * b[i];
  }
  return ab / std::sqrt(aa * bb + 1e-30);
}

// The best over the delays that encoders have.
double likeness(const std::vector<float>& a, const std::vector<float>& b) {
  double best = 0;
  for (size_t delay = 0; delay < 3000; ++delay) best = std::max(best, correlation(a, b, delay));
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
  EXPECT_GT(likeness(original.samples, coded.samples), 0.8) << codec.name;
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
  try {
    find_codec("amr_nb");
    FAIL();
  } catch (const UsageError& e) {
    EXPECT_STREQ(e.what(), "unknown codec \"amr_nb\" (did you mean amr-nb)");
  }
}

}  // namespace
}  // namespace bonafide
