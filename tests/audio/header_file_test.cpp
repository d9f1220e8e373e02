#include "audio/header_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audio/data_extent.h"
#include "audio/decode.h"
#include "audio/ogg_pages.h"
#include "base/error.h"
#include "base/file.h"
#include "error_text.h"

namespace bonafide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Recording decoded(const std::string& bytes, const std::string& name = "a.wav") {
  return decode_bytes(std::as_bytes(std::span(bytes)), name);
}

std::string little_endian(uint64_t value, size_t width) {
  std::string text;
  for (size_t i = 0; i < width; ++i) text += static_cast<char>(value >> 8 * i & 0xFF);
  return text;
}

std::string wav(uint32_t data_size, size_t samples) {
  return Wav{.riff_size = data_size + 36,
             .data_size = data_size,
             .samples = std::vector<int16_t>(samples, 7)}
      .bytes();
}

std::string ramp_wav(size_t samples) {
  Wav file{.riff_size = static_cast<uint32_t>(2 * samples + 36),
           .data_size = static_cast<uint32_t>(2 * samples),
           .samples = {}};
  for (size_t i = 0; i < samples; ++i) file.samples.push_back(static_cast<int16_t>(i));
  return file.bytes();
}

const std::string kId3v1 = "TAG" + std::string(125, ' ');

TEST(HeaderFile, TakesChunksAndTagsBehindTheSamplesForNoSamples) {
  const std::string list = "LIST" + little_endian(5, 4) + "INFOx" + std::string(1, '\0');
  for (const std::string& behind : {list, list + "id3 " + little_endian(2, 4) + "ab", kId3v1,
                                    list + kId3v1, std::string(1, '\0')}) {
    const Recording recording = decoded(ramp_wav(100) + behind);

    EXPECT_EQ(recording.waveform.samples.size(), 100U);
    EXPECT_THAT(recording.warnings, ElementsAre());
  }
}

TEST(HeaderFile, CountsTheBytesBehindThePromisedSamples) {
  Wav file{.data_size = 100, .samples = {}};
  for (int16_t i = 0; i < 400; ++i) file.samples.push_back(static_cast<int16_t>(i - 200));

  EXPECT_THAT(decoded(file.bytes()).warnings,
              ElementsAre("700 bytes behind the 100 bytes of samples that the header promises were "
                          "not read"));
}

TEST(HeaderFile, ReadsAStreamToItsEndWhateverStandsForItsLength) {
  for (const uint32_t size : {0U, 0x7FFFFFFFU, 0x7FFFFFFFU - 36, 0x7FFFF000U, 0x80000000U,
                              0xFFFFFFFFU, 0xFFFFFFFFU - 44}) {
    Wav file{.data_size = size, .samples = {}};
    for (int16_t i = 0; i < 400; ++i) file.samples.push_back(static_cast<int16_t>(i - 200));

    const Recording recording = decoded(file.bytes());

    EXPECT_EQ(recording.waveform.samples.size(), 400U) << size;
    EXPECT_EQ(recording.waveform.samples.front(), -200 / 32768.F);
    EXPECT_THAT(recording.warnings, ElementsAre());
    EXPECT_EQ(recording.format, "wav pcm_16");
  }
}

TEST(HeaderFile, BelievesAnEmptyFileThatHasNothingButChunks) {
  EXPECT_EQ(error_text([] { decoded(wav(0, 0) + "LIST" + little_endian(4, 4) + "INFO"); }),
            "a.wav: no samples");
}

TEST(HeaderFile, ReadsWavFilesThatWereAppendedToOneAnother) {
  const Recording recording = decoded(ramp_wav(100) + ramp_wav(50));

  EXPECT_EQ(recording.waveform.samples.size(), 150U);
  EXPECT_EQ(recording.waveform.samples[100], 0);
  EXPECT_EQ(recording.waveform.samples[149], 49 / 32768.F);
  EXPECT_THAT(recording.warnings, ElementsAre());
}

TEST(HeaderFile, ReadsStreamsThatWereAppendedToOneAnother) {
  Wav stream{.samples = {1, 2, 3, 4}};

  EXPECT_EQ(decoded(stream.bytes() + stream.bytes()).waveform.samples.size(), 8U);
}

TEST(HeaderFile, NamesAnAppendedFileOfAnotherRate) {
  const Recording recording =
      decoded(ramp_wav(100) + Wav{.sample_rate = 8000, .samples = {1, 2}}.bytes());

  EXPECT_EQ(recording.waveform.samples.size(), 100U);
  EXPECT_THAT(recording.warnings,
              ElementsAre("stream 2 of 2: was not read: it has 8000 Hz, not 16000"));
}

TEST(HeaderFile, NamesASecondChunkOfSamplesBehindAnEmptyOne) {
  const std::string chunk = "data" + little_endian(400, 4) + std::string(400, '\1');

  EXPECT_THAT(error_text([&] { decoded(wav(0, 0) + chunk); }),
              HasSubstr("no samples; the last 408 bytes, which begin with another chunk"));
}

TEST(HeaderFile, RefusesSamplesInsideTheHeaderOfAu) {
  std::string file = sound_bytes(SF_FORMAT_AU | SF_FORMAT_PCM_16, 16000, 1, sine(440, 16000, 100));
  file.replace(4, 8, std::string("\0\0\0\4\0\0\0\0", 8));

  EXPECT_FALSE(data_extent(std::as_bytes(std::span(file))));
}

TEST(HeaderFile, ReadsBw64AsRf64) {
  std::string file =
      sound_bytes(SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 16000, 1, sine(440, 16000, 500));
  ASSERT_EQ(file.substr(0, 4), "RF64");
  const auto samples = decoded(file).waveform.samples;
  file.replace(0, 4, "BW64");

  EXPECT_EQ(decoded(file).waveform.samples, samples);
  EXPECT_EQ(samples.size(), 500U);
}

// The size of 100 bytes stands for 4 GiB more; sparse, so that the disk does not notice.
TEST(HeaderFile, UnwrapsASizeOf32Bits) {
  const Scratch folder;
  constexpr uint64_t kWrap = uint64_t{1} << 32;
  write_bytes(folder / "a.wav", wav(100, 0));
  std::filesystem::resize_file(folder / "a.wav", 44 + kWrap + 100);
  const MappedFile file(folder / "a.wav");

  const auto extent = data_extent(file.bytes());

  ASSERT_TRUE(extent);
  EXPECT_EQ(extent->promised, kWrap + 100);
  EXPECT_EQ(extent->end, 44 + kWrap + 100);
  EXPECT_EQ(extent->left, 0U);
  EXPECT_TRUE(extent->needs_header);
}

// Sizes of 32 bits that older programs take for negative, one of them a writer's stand-in.
TEST(HeaderFile, BelievesASizeOver2GiBThatHasChunksBehindIt) {
  for (const uint64_t size : {uint64_t{0x90000000}, uint64_t{0x7FFFF000}}) {
    const Scratch folder;
    write_bytes(folder / "a.wav", wav(static_cast<uint32_t>(size), 0));
    std::filesystem::resize_file(folder / "a.wav", 44 + size);
    std::ofstream(folder / "a.wav", std::ios::binary | std::ios::app)
        << "LIST" << little_endian(4, 4) << "INFO";
    const MappedFile file(folder / "a.wav");

    EXPECT_EQ(data_extent(file.bytes())->left, 0U);
    EXPECT_EQ(open_header_file(file.bytes())->frames(), size / 2);
  }
}

TEST(HeaderFile, SaysThatAFileOver2GiBIsCut) {
  EXPECT_THAT(decoded(wav(0x90000000, 400)).warnings,
              testing::Contains("truncated: 2415918304 bytes fewer than the header promises"));
}

// 64 channels of 32 bits, so that the samples are few enough to be read.
TEST(HeaderFile, ReadsAllSamplesOfAWrappedWav) {
  const Scratch folder;
  constexpr uint64_t kWrap = uint64_t{1} << 32;
  std::string head =
      sound_bytes(SF_FORMAT_WAV | SF_FORMAT_PCM_32, 16000, 64, std::vector<float>(64, 0.25F));
  const size_t size = head.find("data");
  head.replace(size + 4, 4, little_endian(256, 4));
  write_bytes(folder / "a.wav", head);
  std::filesystem::resize_file(folder / "a.wav", size + 8 + kWrap + 256);
  const MappedFile file(folder / "a.wav");

  const auto source = open_header_file(file.bytes());

  EXPECT_EQ(source->frames(), kWrap / 256 + 1);
  EXPECT_EQ(source->format(), "wav pcm_32");
  std::vector<float> frame(64);
  ASSERT_TRUE(source->seek(kWrap / 256));
  EXPECT_EQ(source->read(frame.data(), 1), 1U);
  EXPECT_EQ(source->read(frame.data(), 1), 0U);
}

TEST(HeaderFile, TakesChunksBehindTheSamplesOfWave64ForNoSamples) {
  const std::string file =
      sound_bytes(SF_FORMAT_W64 | SF_FORMAT_PCM_16, 16000, 1, sine(440, 16000, 1000));
  const std::string levels =
      "levl" + std::string(12, '\x8C') + little_endian(40, 8) + std::string(16, '\x55');

  const Recording recording = decoded(file + levels, "a.w64");

  EXPECT_EQ(recording.waveform.samples.size(), 1000U);
  EXPECT_THAT(recording.warnings, ElementsAre());
}

struct Family {
  const char* name;
  int format;
};

void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }

class EveryFamily : public testing::TestWithParam<Family> {
 protected:
  const std::string whole_ =
      sound_bytes(GetParam().format | SF_FORMAT_PCM_16, 16000, 1, sine(440, 16000, 1000));
};

TEST_P(EveryFamily, IsReadWhole) {
  const Recording recording = decoded(whole_, "a");

  EXPECT_EQ(recording.waveform.samples.size(), 1000U);
  EXPECT_THAT(recording.warnings, ElementsAre());
}

TEST_P(EveryFamily, SaysWhatIsMissing) {
  const Recording recording = decoded(whole_.substr(0, whole_.size() - 600), "a");

  EXPECT_LT(recording.waveform.samples.size(), 1000U);
  ASSERT_EQ(recording.warnings.size(), 1U);
  EXPECT_THAT(recording.warnings[0], HasSubstr("bytes fewer than the header promises"));
}

TEST_P(EveryFamily, SaysWhatIsLeft) {
  const Recording recording = decoded(whole_ + std::string(600, '\x11'), "a");

  EXPECT_EQ(recording.waveform.samples.size(), 1000U);
  ASSERT_EQ(recording.warnings.size(), 1U);
  EXPECT_THAT(recording.warnings[0], HasSubstr("600 bytes behind the 2000 bytes of samples"));
}

// A chunk of samples as the whole file has it, from its id to the end.
std::string chunk_of_samples(const std::string& file) {
  const size_t begin = file.find(file.starts_with("FORM") ? "SSND" : "data");
  return begin == std::string::npos ? "" : file.substr(begin);
}

TEST_P(EveryFamily, NamesASecondChunkOfSamples) {
  const std::string chunk = chunk_of_samples(whole_);
  if (chunk.empty()) return;  // a header of fixed fields

  const Recording recording = decoded(whole_ + chunk + chunk, "a");

  EXPECT_EQ(recording.waveform.samples.size(), 1000U);
  EXPECT_EQ(recording.waveform.samples, decoded(whole_, "a").waveform.samples);
  EXPECT_THAT(recording.warnings,
              ElementsAre(fmt::format("the last {} bytes, which begin with another chunk of "
                                      "samples, were not read; a file of this kind has one",
                                      2 * chunk.size())));
}

class AiffCodec : public testing::TestWithParam<Family> {
 protected:
  // With so many frames more in COMM, whatever SSND says.
  static std::string promising_more(std::string file, uint8_t more) {
    const size_t lowest = file.find("COMM") + 8 + 2 + 3;
    file[lowest] = static_cast<char>(static_cast<uint8_t>(file[lowest]) + more);
    return file;
  }

  const std::string whole_ = sound_bytes(GetParam().format, 16000, 2, sine(440, 16000, 2000));
};

TEST_P(AiffCodec, SaysWhichPromisedFramesAreMissing) {
  EXPECT_THAT(decoded(whole_, "a").warnings, ElementsAre());

  const Recording recording = decoded(promising_more(whole_, 10), "a");

  EXPECT_EQ(recording.waveform.samples, decoded(whole_, "a").waveform.samples);
  ASSERT_EQ(recording.warnings.size(), 1U);
  const size_t width = std::stoul(std::string(GetParam().name).substr(5));
  EXPECT_EQ(recording.warnings[0],
            fmt::format("truncated: {} bytes fewer than the header promises", 20 * width));
}

INSTANTIATE_TEST_SUITE_P(HeaderFile, AiffCodec,
                         testing::Values(Family{"Bytes1", SF_FORMAT_AIFF | SF_FORMAT_PCM_S8},
                                         Family{"Bytes2", SF_FORMAT_AIFF | SF_FORMAT_PCM_16},
                                         Family{"Bytes3", SF_FORMAT_AIFF | SF_FORMAT_PCM_24},
                                         Family{"Bytes4", SF_FORMAT_AIFF | SF_FORMAT_PCM_32},
                                         Family{"Bytes2Sowt", SF_FORMAT_AIFF | SF_FORMAT_PCM_16 |
                                                                  SF_ENDIAN_LITTLE},
                                         Family{"Bytes4Float", SF_FORMAT_AIFF | SF_FORMAT_FLOAT},
                                         Family{"Bytes8Float", SF_FORMAT_AIFF | SF_FORMAT_DOUBLE},
                                         Family{"Bytes1MuLaw", SF_FORMAT_AIFF | SF_FORMAT_ULAW},
                                         Family{"Bytes1ALaw", SF_FORMAT_AIFF | SF_FORMAT_ALAW}),
                         [](const auto& test) { return test.param.name; });

// As SoX writes into a pipe.
TEST(HeaderFile, TakesAStandInForNoNumberOfFramesOfAiff) {
  std::string file =
      sound_bytes(SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 16000, 1, sine(440, 16000, 1000));
  file.replace(file.find("COMM") + 10, 4, std::string("\x3F\x80\0\0", 4));
  file.replace(file.find("SSND") + 4, 4, std::string("\x7F\0\0\x8", 4));

  const Recording recording = decoded(file, "a");

  EXPECT_EQ(recording.waveform.samples.size(), 1000U);
  EXPECT_THAT(recording.warnings, ElementsAre());
}

// Where the field of the samples' size lies, and what writers of streams put there.
struct Unknown {
  const char* name;
  int format;
  std::string size;
};

void PrintTo(const Unknown& unknown, std::ostream* out) { *out << unknown.name; }

class UnknownLength : public testing::TestWithParam<Unknown> {
 protected:
  static std::string streamed(std::string file, const std::string& size) {
    const size_t id = file.find(file.starts_with("FORM") ? "SSND" : "data");
    const size_t at = id == std::string::npos ? 8 : id + (file.starts_with("riff") ? 16 : 4);
    return file.replace(at, size.size(), size);
  }
};

TEST_P(UnknownLength, IsReadToTheEnd) {
  const std::string whole =
      sound_bytes(GetParam().format | SF_FORMAT_PCM_16, 16000, 1, sine(440, 16000, 1000));

  const Recording recording = decoded(streamed(whole, GetParam().size), "a");

  EXPECT_EQ(recording.waveform.samples, decoded(whole, "a").waveform.samples);
  EXPECT_THAT(recording.warnings, ElementsAre());
}

const std::string kNothing(8, '\0'), kMinusOne(8, '\xFF');

INSTANTIATE_TEST_SUITE_P(
    HeaderFile, UnknownLength,
    testing::Values(Unknown{"CafMinusOne", SF_FORMAT_CAF, kMinusOne},
                    Unknown{"CafZero", SF_FORMAT_CAF, kNothing},
                    Unknown{"CafHead", SF_FORMAT_CAF, std::string(7, '\0') + '\4'},
                    Unknown{"AuMinusOne", SF_FORMAT_AU, kMinusOne.substr(4)},
                    Unknown{"AuZero", SF_FORMAT_AU, kNothing.substr(4)},
                    Unknown{"LittleAuMinusOne", SF_FORMAT_AU | SF_ENDIAN_LITTLE,
                            kMinusOne.substr(4)},
                    Unknown{"LittleAuZero", SF_FORMAT_AU | SF_ENDIAN_LITTLE, kNothing.substr(4)},
                    Unknown{"RifxMinusOne", SF_FORMAT_WAV | SF_ENDIAN_BIG, kMinusOne.substr(4)},
                    Unknown{"RifxZero", SF_FORMAT_WAV | SF_ENDIAN_BIG, kNothing.substr(4)},
                    Unknown{"AiffMinusOne", SF_FORMAT_AIFF, kMinusOne.substr(4)},
                    Unknown{"AiffZero", SF_FORMAT_AIFF, kNothing.substr(4)},
                    Unknown{"AiffHead", SF_FORMAT_AIFF, std::string(3, '\0') + '\x8'},
                    Unknown{"Wave64MinusOne", SF_FORMAT_W64, kMinusOne},
                    Unknown{"Wave64Head", SF_FORMAT_W64, '\x18' + std::string(7, '\0')}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    HeaderFile, EveryFamily,
    testing::Values(Family{"Wav", SF_FORMAT_WAV}, Family{"Wavex", SF_FORMAT_WAVEX},
                    Family{"Rf64", SF_FORMAT_RF64}, Family{"Wave64", SF_FORMAT_W64},
                    Family{"Rifx", SF_FORMAT_WAV | SF_ENDIAN_BIG}, Family{"Aiff", SF_FORMAT_AIFF},
                    Family{"Caf", SF_FORMAT_CAF}, Family{"Au", SF_FORMAT_AU},
                    Family{"Nist", SF_FORMAT_NIST}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace bonafide
