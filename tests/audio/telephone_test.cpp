#include "audio/telephone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "audio/sound_files.h"
#include "base/error.h"

namespace bonafide {
namespace {

// The best correlation over small delays: a codec delays, but must not change what is heard.
double similarity(const std::vector<float>& a, const std::vector<float>& b) {
  double best = 0;
  for (size_t delay = 0; delay < 64; ++delay) {
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 1000; i + delay < a.size(); ++i) {
      ab += static_cast<double>(a[i]) * b[i + delay];
      aa += static_cast<double>(a[i]) * a[i];
      bb += static_cast<double>(b[i + delay]) * b[i + delay];
    }
    best = std::max(best, ab / std::sqrt(aa * bb));
  }
  return best;
}

TEST(G722, MakesOneByteOfTwoSamples) {
  EXPECT_EQ(encode_g722({sine(440, 16000, 3200), 16000}).size(), 1600U);
}

TEST(G722, DecodesABlankByteStreamToTwoSamplesAByteAt16kHz) {
  const Waveform waveform = decode_g722(std::vector<std::byte>(80));

  EXPECT_EQ(waveform.samples.size(), 160U);
  EXPECT_EQ(waveform.sample_rate, 16000);
}

TEST(G722, KeepsToneAndLength) {
  const Waveform tone{sine(440, 16000, 16001), 16000};

  const Waveform coded = through_g722(tone);

  EXPECT_EQ(coded.samples.size(), 16001U);
  EXPECT_GT(similarity(tone.samples, coded.samples), 0.99);
}

TEST(G722, ClipsWhatIsTooLoud) {
  const Waveform coded = through_g722({std::vector<float>(1600, 3.0F), 16000});

  EXPECT_LE(*std::max_element(coded.samples.begin(), coded.samples.end()), 1.0F);
}

TEST(G722, RefusesAnotherSampleRate) {
  EXPECT_THROW(encode_g722({sine(440, 8000, 160), 8000}), Error);
}

TEST(G722, TakesAnEmptyWaveform) { EXPECT_TRUE(through_g722({{}, 16000}).samples.empty()); }

TEST(Gsm, KeepsToneAndLength) {
  const Waveform tone{sine(440, 8000, 8005), 8000};

  const Waveform coded = through_gsm(tone);

  EXPECT_EQ(coded.samples.size(), 8005U);
  EXPECT_EQ(coded.sample_rate, 8000);
  EXPECT_GT(similarity(tone.samples, coded.samples), 0.98);
}

TEST(Gsm, ChangesTheSamples) {
  const Waveform tone{sine(440, 8000, 800), 8000};

  EXPECT_NE(through_gsm(tone).samples, tone.samples);
}

TEST(Gsm, RefusesAnotherSampleRate) {
  EXPECT_THROW(through_gsm({sine(440, 16000, 160), 16000}), Error);
}

}  // namespace
}  // namespace bonafide
