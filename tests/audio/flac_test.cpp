#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audio/decode.h"
#include "audio/flac_chain.h"
#include "audio/ogg_pages.h"

namespace bonafide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kFlac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;

Recording decoded(const std::string& bytes) {
  return decode_bytes(std::as_bytes(std::span(bytes)), "a.flac");
}

std::string flac(size_t samples, int sample_rate = 16000, int channels = 1) {
  return sound_bytes(kFlac, sample_rate, channels,
                     sine(440, sample_rate, samples * static_cast<size_t>(channels)));
}

// STREAMINFO holds the number in 36 bits from the low half of byte 21 on.
std::string with_total(std::string file, uint32_t total) {
  file[21] = static_cast<char>(file[21] & 0xF0);
  for (size_t i = 0; i < 4; ++i) file[22 + i] = static_cast<char>(total >> 8 * (3 - i) & 0xFF);
  return file;
}

const std::string kId3v1 = "TAG" + std::string(125, ' ');
const std::string kId3v2 = std::string("ID3\x04\0\0\0\0\0\x0A", 10) + std::string(10, '\0');
const std::string kApe =
    "APETAGEX" + std::string("\xD0\x07\0\0\x20\0\0\0\0\0\0\0\0\0\0\0", 16) + std::string(8, '\0');

TEST(Flac, IsReadThroughAllFilesThatWereAppended) {
  for (const std::string& between : {std::string(), kId3v1, kId3v2}) {
    const Recording recording = decoded(flac(5000) + between + flac(3000));

    EXPECT_EQ(recording.waveform.samples.size(), 8000U);
    EXPECT_THAT(recording.warnings, ElementsAre());
  }
}

TEST(Flac, NamesAnAppendedFileOfAnotherRate) {
  const Recording recording = decoded(flac(5000) + flac(5000, 8000));

  EXPECT_EQ(recording.waveform.samples.size(), 5000U);
  EXPECT_THAT(recording.warnings,
              ElementsAre("stream 2 of 2: was not read: it has 8000 Hz, not 16000"));
}

TEST(Flac, MayHaveTagsOnBothSidesAndNoTotal) {
  for (const uint32_t total : {5000U, 0U}) {
    const Recording recording = decoded(kId3v2 + with_total(flac(5000), total) + kApe + kId3v1);

    EXPECT_EQ(recording.waveform.samples.size(), 5000U);
    EXPECT_THAT(recording.warnings, ElementsAre());
  }
}

TEST(Flac, SaysThatItIsCutWithoutATotal) {
  const std::string whole = with_total(flac(50000), 0);

  const Recording recording = decoded(whole.substr(0, whole.size() - 50));

  EXPECT_LT(recording.waveform.samples.size(), 50000U);
  ASSERT_EQ(recording.warnings.size(), 1U);
  EXPECT_THAT(recording.warnings[0], HasSubstr("damaged: flac decoder lost sync"));
}

TEST(Flac, SaysThatMoreLiesThereThanItPromises) {
  const Recording recording = decoded(with_total(flac(50000), 10000));

  EXPECT_EQ(recording.waveform.samples.size(), 10000U);
  ASSERT_EQ(recording.warnings.size(), 1U);
  EXPECT_THAT(recording.warnings[0],
              HasSubstr("bytes behind the 10000 samples that the header promises were not read"));
}

TEST(Flac, StretchesAreCutFromAllFilesThatWereAppended) {
  const std::string chain = flac(5000) + flac(3000);
  size_t asked = 0;

  const Waveform stretch = decode_stretch_of_bytes(std::as_bytes(std::span(chain)), "a.flac", 16000,
                                                   {1000, [&](size_t total) {
                                                      asked = total;
                                                      return size_t{6000};
                                                    }});

  EXPECT_EQ(asked, 8000U);
  EXPECT_EQ(stretch.samples.size(), 1000U);
}

std::string big_endian_8(uint64_t value) {
  std::string text;
  for (int i = 7; i >= 0; --i) text += static_cast<char>(value >> 8 * i & 0xFF);
  return text;
}

// A mark in the middle of a frame would otherwise end the file there.
TEST(Flac, SeeksTheNextFileBehindTheLastFrameOfTheSeekTable) {
  constexpr size_t kStreaminfoEnd = 42, kSamples = 50000, kLastBlock = 49152;
  std::string file = flac(kSamples);
  const size_t frames = file.find("\xFF\xF8", kStreaminfoEnd);
  const size_t last = file.rfind("\xFF\xF8");
  ASSERT_LT(frames, last);
  file.replace((frames + last) / 2, 8, std::string("fLaC\0\0\0\x22", 8));
  const auto with_point = [&](uint64_t offset) {
    const std::string table = std::string("\3\0\0\x24", 4) + big_endian_8(kLastBlock) +
                              big_endian_8(offset) + "\x03\x50" + std::string(8, '\xFF') +
                              std::string(10, '\0');
    return file.substr(0, kStreaminfoEnd) + table + file.substr(kStreaminfoEnd);
  };
  const auto total_of = [](const std::string& bytes) {
    return open_flac(std::as_bytes(std::span(bytes)))->frames();
  };

  EXPECT_EQ(total_of(with_point(last - frames)), kSamples);
  EXPECT_EQ(total_of(with_point(last - frames + 1)), 0U);  // no frame lies there
  EXPECT_EQ(total_of(with_point(UINT64_MAX)), 0U);
  EXPECT_EQ(total_of(with_point(last - frames) + flac(100)), 0U);
}

TEST(Mpeg, MayHaveTagsOnBothSides) {
  const std::string plain =
      sound_bytes(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 16000, 1, sine(440, 16000, 16000));

  const Recording tagged = decoded(kId3v2 + plain + kApe + kId3v1);

  EXPECT_EQ(tagged.waveform.samples, decoded(plain).waveform.samples);
  EXPECT_THAT(tagged.warnings, ElementsAre());
}

std::string mp3(size_t samples, int sample_rate = 16000, int channels = 1) {
  return sound_bytes(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, sample_rate, channels,
                     sine(440, sample_rate, samples * static_cast<size_t>(channels)));
}

TEST(Mpeg, IsReadThroughAllFilesThatWereAppended) {
  for (const int channels : {1, 2}) {
    const Recording recording = decoded(mp3(16000) + kId3v1 + kId3v2 + mp3(8000, 16000, channels));

    EXPECT_GE(recording.waveform.samples.size(), 24000U);
    EXPECT_LT(recording.waveform.samples.size(), 28000U);
    EXPECT_THAT(recording.warnings, ElementsAre());
  }
}

TEST(Mpeg, NamesAnAppendedFileOfAnotherRate) {
  const Recording recording = decoded(mp3(16000) + mp3(44100, 44100));

  EXPECT_EQ(recording.waveform.samples.size(), 16000U);
  EXPECT_THAT(recording.warnings,
              ElementsAre("stream 2 of 2: was not read: it has 44100 Hz, not 16000"));
}

TEST(Mpeg, CountsTheBytesThatAreNoFrames) {
  const Recording recording = decoded(mp3(16000) + std::string(3000, 'x'));

  EXPECT_EQ(recording.waveform.samples.size(), 16000U);
  ASSERT_EQ(recording.warnings.size(), 1U);
  EXPECT_THAT(recording.warnings[0], HasSubstr(" bytes were not read"));
}

}  // namespace
}  // namespace bonafide
