#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audio/audio_cache.h"
#include "audio/decode.h"
#include "audio/sound_files.h"
#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Unit = Excerpt::Unit;

constexpr int kRate = 16000;

class Excerpts : public testing::Test {
 protected:
  // Two seconds, in which no two samples near each other are alike.
  std::filesystem::path sound(const std::string& name, int format, int rate = kRate,
                              int channels = 1) {
    write_sound(folder_ / name, format, rate, channels,
                sine(37, rate, static_cast<size_t>(2 * rate * channels)));
    return folder_ / name;
  }

  static std::vector<float> samples(const std::filesystem::path& path, const Excerpt& excerpt,
                                    int rate = 0) {
    return decode(AudioLocation(path, {}, excerpt), {.sample_rate = rate}).waveform.samples;
  }

  static std::vector<float> part(const std::filesystem::path& path, size_t begin, size_t end) {
    const auto whole = decode(path, {.sample_rate = 0}).waveform.samples;
    return {whole.begin() + static_cast<std::ptrdiff_t>(begin),
            whole.begin() + static_cast<std::ptrdiff_t>(std::min(end, whole.size()))};
  }

  Scratch folder_;
};

TEST_F(Excerpts, AreWhatCuttingTheWholeGives) {
  const std::vector<std::filesystem::path> all = {
      sound("a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16),
      sound("a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16),
      sound("two.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, kRate, 2),
      sound("a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS)};
  for (const auto& path : all) {
    const size_t end = decode(path, {.sample_rate = 0}).waveform.samples.size();
    EXPECT_EQ(samples(path, {.begin = 0.5, .end = 1.25}), part(path, 8000, 20000)) << path;
    EXPECT_EQ(samples(path, {.begin = 3, .end = 30001, .unit = Unit::kSamples}),
              part(path, 3, 30001))
        << path;
    EXPECT_EQ(samples(path, {.begin = 1.5}), part(path, 24000, end)) << path;
    EXPECT_EQ(samples(path, {.end = 0.1}), part(path, 0, 1600)) << path;
  }
}

TEST_F(Excerpts, OfRawTelephoneSpeechAreCutToo) {
  std::string bytes(8000, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  for (const char* name : {"a.g722", "a.alaw"}) {
    write_bytes(folder_ / name, bytes);
    EXPECT_EQ(samples(folder_ / name, {.begin = 101, .end = 5001, .unit = Unit::kSamples}),
              part(folder_ / name, 101, 5001))
        << name;
  }
}

TEST_F(Excerpts, CountTheSamplesOfTheFilesOwnRateAndAreResampledAfterwards) {
  const auto path = sound("a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100);

  EXPECT_EQ(samples(path, {.begin = 44100, .end = 66150, .unit = Unit::kSamples}, kRate).size(),
            8000u);
  EXPECT_EQ(samples(path, {.begin = 1, .end = 1.5}, kRate),
            samples(path, {.begin = 44100, .end = 66150, .unit = Unit::kSamples}, kRate));
}

TEST_F(Excerpts, MayEndALittleBehindTheRecordingAndSayHowMuch) {
  const auto path = sound("a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  const auto read = [&](double end) {
    return decode(AudioLocation(path, {}, Excerpt{.begin = 1, .end = end}), {.sample_rate = 0});
  };

  EXPECT_EQ(read(2.004).losses, 0u);
  EXPECT_EQ(read(2.004).waveform.samples.size(), 16000u);
  EXPECT_THAT(read(2.25).warnings, ElementsAre("t=1,2.25 ends 0.250 s behind the recording"));
  EXPECT_EQ(read(2.25).losses, 1u);
  EXPECT_THAT(error_text<Error>([&] { read(2.75); }),
              HasSubstr("a.flac: t=1,2.75 ends 0.750 s behind the recording, which has 2.000 s"));
}

TEST_F(Excerpts, AreRefusedWhereTheRecordingHasNothingOfThem) {
  for (const auto& path : {sound("a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16),
                           sound("a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS)}) {
    EXPECT_THAT(error_text<Error>([&] { samples(path, {.begin = 2.5, .end = 3}); }),
                HasSubstr("t=2.5,3 begins behind the recording, which has 2.000 s"));
    EXPECT_THAT(error_text<Error>([&] { samples(path, {.begin = 1, .end = 1.00001}); }),
                HasSubstr("no samples"));
  }
}

TEST_F(Excerpts, HoldTheStretchesThatAreChosenInThem) {
  const StretchChoice choice = {1000, [](size_t total) { return total - 1000; }};
  for (const auto& path : {sound("a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16),
                           sound("a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS)}) {
    const AudioLocation location(path, {}, Excerpt{.begin = 0.5, .end = 1});
    EXPECT_EQ(decode_stretch(location, kRate, choice).samples, part(path, 15000, 16000)) << path;
  }
  const AudioLocation wide(folder_ / "a.wav", {}, Excerpt{.begin = 0.5, .end = 9});
  EXPECT_THROW(decode_stretch(wide, kRate, choice), Error);
}

TEST_F(Excerpts, AreKeptApartInTheCache) {
  const auto path = sound("a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  const AudioCache cache(folder_ / "cache");
  for (int round = 0; round < 2; ++round) {
    for (const double begin : {0.0, 0.5, 1.0}) {
      const AudioLocation location(path, {}, Excerpt{.begin = begin, .end = begin + 0.5});
      const auto first = static_cast<size_t>(begin * kRate);
      EXPECT_EQ(cache.read(location, kRate).waveform.samples, part(path, first, first + 8000));
    }
    EXPECT_EQ(cache.read(path, kRate).waveform.samples.size(), 32000u);
  }
}

TEST_F(Excerpts, TellLocationsApartByName) {
  EXPECT_EQ(AudioLocation("a.wav", {}, Excerpt{.begin = 1.5, .end = 3}).name(), "a.wav#t=1.5,3");
  EXPECT_EQ(AudioLocation("a.wav", {}, Excerpt{.begin = 7, .unit = Unit::kSamples}).name(),
            "a.wav#samples=7,");
  EXPECT_FALSE(AudioLocation("a.wav") == AudioLocation("a.wav", {}, Excerpt{}));
}

}  // namespace
}  // namespace bonafide
