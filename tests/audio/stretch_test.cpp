#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "audio/audio_cache.h"
#include "audio/crop.h"
#include "audio/decode.h"
#include "audio/sound_files.h"
#include "base/error.h"
#include "base/random.h"
#include "error_text.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

constexpr int kFlac16 = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;

std::vector<float> noise(size_t length, double level = 0.5) {
  Random random(3);
  std::vector<float> samples(length);
  for (float& x : samples) x = static_cast<float>(random.uniform(-level, level));
  return samples;
}

StretchChoice at(size_t start, size_t length) {
  return {length, [start](size_t) { return start; }};
}

std::vector<float> part(const std::vector<float>& samples, size_t start, size_t length) {
  const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(start);
  return {begin, begin + static_cast<std::ptrdiff_t>(length)};
}

struct Format {
  const char* name;
  int format;
  int sample_rate;
  int channels;
};

class StretchTest : public testing::TestWithParam<Format> {};

TEST_P(StretchTest, IsTheSameAsThatOfTheWholeRecording) {
  const Scratch folder;
  const Format& format = GetParam();
  const auto path = folder / format.name;
  write_sound(path, format.format, format.sample_rate, format.channels,
              noise(50000 * static_cast<size_t>(format.channels)));
  const auto whole = decode(path).waveform.samples;
  ASSERT_GT(whole.size(), 14000U);

  for (const size_t start :
       {size_t{0}, size_t{1}, size_t{4095}, size_t{4096}, size_t{12345}, whole.size() - 1000}) {
    EXPECT_EQ(decode_stretch(path, 16000, at(start, 1000)).samples, part(whole, start, 1000))
        << start;
  }
  EXPECT_EQ(decode_stretch(path, 16000, at(0, whole.size())).samples, whole);
  EXPECT_EQ(decode_stretch(path, 16000, at(7, 1 << 30)).samples, whole);
  // A start too late is drawn back.
  EXPECT_EQ(decode_stretch(path, 16000, at(whole.size(), 1000)).samples,
            part(whole, whole.size() - 1000, 1000));
}

INSTANTIATE_TEST_SUITE_P(
    Formats, StretchTest,
    testing::Values(Format{"a.flac", kFlac16, 16000, 1}, Format{"b.flac", kFlac16, 16000, 2},
                    Format{"c.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 16000, 1},
                    Format{"d.flac", kFlac16, 44100, 1},
                    Format{"e.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1},
                    Format{"f.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 16000, 3},
                    Format{"g.wav", SF_FORMAT_WAV | SF_FORMAT_ULAW, 16000, 1},
                    Format{"h.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 16000, 1}),
    [](const auto& test) { return std::string(1, test.param.name[0]); });

TEST(Stretch, OfATruncatedFlacIsOneOfWhatIsThere) {
  const Scratch folder;
  write_sound(folder / "a.flac", kFlac16, 16000, 1, noise(100000));
  const std::string bytes = read_bytes(folder / "a.flac");
  write_bytes(folder / "b.flac", bytes.substr(0, bytes.size() / 2));
  const Recording whole = decode(folder / "b.flac");
  ASSERT_LT(whole.waveform.samples.size(), 60000U);
  ASSERT_EQ(whole.warnings.size(), 1U);
  EXPECT_TRUE(whole.warnings[0].starts_with("truncated")) << whole.warnings[0];

  const Waveform stretch =
      decode_stretch(folder / "b.flac", 16000, {1000, [](size_t total) { return total - 1000; }});

  EXPECT_EQ(stretch.samples,
            part(whole.waveform.samples, whole.waveform.samples.size() - 1000, 1000));
}

// Both where only the stretch is decoded and where all is.
TEST(Stretch, SaysWhatTheDecoderLostIfAsked) {
  const Scratch folder;
  write_bytes(folder / "a.wav",
              Wav{.data_size = 900, .samples = std::vector<int16_t>(400, 7)}.bytes());
  const std::string loss = "truncated: 100 bytes fewer than the header promises";

  for (const auto& [rate, length] : {std::pair{16000, size_t{50}}, {8000, size_t{50}}}) {
    std::string losses;
    decode_stretch(folder / "a.wav", rate, at(20, length), &losses);
    EXPECT_EQ(losses, loss) << rate;
  }
  write_bytes(folder / "b.wav",
              Wav{.data_size = 800, .samples = std::vector<int16_t>(400, 7)}.bytes());
  std::string losses;
  decode_stretch(folder / "b.wav", 16000, at(20, 50), &losses);
  EXPECT_EQ(losses, "");
}

TEST(Stretch, OfWhatIsNoAudioIsAnErrorThatNamesTheFile) {
  const Scratch folder;
  write_bytes(folder / "a.flac", "fLaC and nothing else");
  EXPECT_THAT(error_text([&] { decode_stretch(folder / "a.flac", 16000, at(0, 10)); }),
              testing::HasSubstr("a.flac"));
}

class AudioCacheTest : public testing::Test {
 protected:
  size_t files() const {
    return static_cast<size_t>(
        std::count_if(fs::recursive_directory_iterator(folder_ / "cache"), {},
                      [](const auto& entry) { return entry.is_regular_file(); }));
  }

  Scratch folder_;
  AudioCache cache_{folder_ / "cache"};
};

TEST_F(AudioCacheTest, GivesTheSamplesOfTheFileToTheBit) {
  for (const int format : {kFlac16, SF_FORMAT_WAV | SF_FORMAT_FLOAT}) {
    write_sound(folder_ / "a.x", format, 16000, 1, noise(5000, 0.999));
    const auto whole = decode(folder_ / "a.x").waveform.samples;
    for (int time = 0; time < 2; ++time) {
      EXPECT_EQ(cache_.read(folder_ / "a.x", 16000).waveform.samples, whole);
      EXPECT_EQ(cache_.read(folder_ / "a.x", 16000, at(77, 100)).samples, part(whole, 77, 100));
    }
    EXPECT_EQ(cache_.read(folder_ / "a.x", 8000).waveform.samples,
              decode(folder_ / "a.x", {.sample_rate = 8000}).waveform.samples);
    fs::remove(folder_ / "a.x");
  }
}

TEST_F(AudioCacheTest, SaysWhatIsWrongWithAKeptRecordingEachTime) {
  const Wav cut_short{.data_size = 1000, .samples = std::vector<int16_t>(100, 7)};
  write_bytes(folder_ / "a.wav", cut_short.bytes());
  const Recording decoded = decode(folder_ / "a.wav");
  ASSERT_EQ(decoded.warnings.size(), 2U);

  for (int time = 0; time < 2; ++time) {
    const Recording kept = cache_.read(folder_ / "a.wav", 16000);

    EXPECT_EQ(kept.warnings, decoded.warnings);
    EXPECT_EQ(kept.losses, 1U);
    EXPECT_TRUE(kept.constant);
  }
}

TEST_F(AudioCacheTest, KeepsSixteenBitRecordingsInTwoBytesASample) {
  write_sound(folder_ / "a.flac", kFlac16, 16000, 1, noise(5000));
  cache_.read(folder_ / "a.flac", 16000);

  ASSERT_EQ(files(), 1U);
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cache")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_LT(entry.file_size(), 10100U);
  }
}

TEST_F(AudioCacheTest, DecodesARecordingThatHasChangedAnew) {
  write_sound(folder_ / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1, {0.5F, 0.5F});
  cache_.read(folder_ / "a.wav", 16000);
  write_sound(folder_ / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1, {0.25F, 0.25F, 0.25F});

  EXPECT_EQ(cache_.read(folder_ / "a.wav", 16000).waveform.samples, std::vector<float>(3, 0.25F));
}

TEST_F(AudioCacheTest, MakesADamagedEntryAnew) {
  write_sound(folder_ / "a.flac", kFlac16, 16000, 1, noise(5000));
  const auto whole = cache_.read(folder_ / "a.flac", 16000).waveform.samples;
  fs::path entry_path;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cache")) {
    if (entry.is_regular_file()) entry_path = entry.path();
  }
  const std::string good = read_bytes(entry_path);
  std::string bad = good;
  bad[5000] = static_cast<char>(bad[5000] ^ 1);
  write_bytes(entry_path, bad);

  EXPECT_EQ(cache_.read(folder_ / "a.flac", 16000).waveform.samples, whole);
  EXPECT_EQ(read_bytes(entry_path), good);
}

TEST_F(AudioCacheTest, SaysOfABrokenFileWhatDecodingSays) {
  write_bytes(folder_ / "a.wav", "no audio");
  EXPECT_THROW(cache_.read(folder_ / "a.wav", 16000), Error);
  EXPECT_THROW(cache_.read(folder_ / "missing.wav", 16000), Error);
  EXPECT_EQ(files(), 0U);
}

TEST(StretchStart, LeavesAsMuchBeforeAsAfterInTheMiddle) {
  Random random(1);
  EXPECT_EQ(stretch_start(Stretch::kMiddle, 103, 100, random), 1U);
  EXPECT_EQ(stretch_start(Stretch::kMiddle, 50, 100, random), 0U);
  EXPECT_EQ(stretch_start(Stretch::kFirst, 103, 100, random), 0U);
  for (int i = 0; i < 50; ++i) EXPECT_LE(stretch_start(Stretch::kRandom, 103, 100, random), 3U);
}

TEST(Filled, RepeatsOrPutsZerosBehind) {
  EXPECT_EQ(filled({1, 2}, 5, Filling::kRepeat), (std::vector<float>{1, 2, 1, 2, 1}));
  EXPECT_EQ(filled({1, 2}, 4, Filling::kZeros), (std::vector<float>{1, 2, 0, 0}));
  EXPECT_EQ(filled({1, 2, 3}, 2, Filling::kZeros), (std::vector<float>{1, 2, 3}));
  EXPECT_THROW(filled({}, 2, Filling::kZeros), Error);
}

TEST(Stretch, SaysThatAFileShrankWhileItWasRead) {
  const Scratch scratch;
  const std::string path = (scratch / "a.wav").native();
  write_bytes(path, Wav{.samples = std::vector<int16_t>(100000, 7)}.bytes());
  const auto shrink = [&](size_t) {
    std::filesystem::resize_file(path, 5000);
    return size_t{50000};
  };

  EXPECT_EQ(error_text([&] {
              decode_stretch(AudioLocation(path), 16000, {1000, shrink});
            }),
            path + ": changed or became unreadable while it was read");
}

}  // namespace
}  // namespace bonafide
