#include "audio/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <limits>

#include "audio/sound_files.h"
#include "audio/telephone.h"
#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

constexpr int kWav16 = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
constexpr int kWavFloat = SF_FORMAT_WAV | SF_FORMAT_FLOAT;

std::span<const std::byte> as_bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Recording decode_wav(const Wav& wav, const DecodeOptions& options = {}) {
  return decode_bytes(as_bytes(wav.bytes()), "a.wav", options);
}

std::string reason(const std::string& bytes, const std::filesystem::path& name = "a.wav") {
  return error_text([&] { decode_bytes(as_bytes(bytes), name); });
}

TEST(Decode, GivesSixteenBitSamplesExactly) {
  const Recording recording = decode_wav({.samples = {0, 1, -1, 1234, 32767, -32768}});

  EXPECT_EQ(recording.waveform.samples, (std::vector<float>{0, 1 / 32768.F, -1 / 32768.F,
                                                            1234 / 32768.F, 32767 / 32768.F, -1}));
  EXPECT_EQ(recording.format, "wav pcm_16");
}

TEST(Decode, AveragesTheChannels) {
  Scratch folder;
  write_sound(folder / "a.wav", kWav16, 16000, 3, {0.5F, 0.25F, 0, -0.5F, -0.25F, 0});

  const Recording recording = decode(folder / "a.wav");

  EXPECT_EQ(recording.waveform.samples, (std::vector<float>{0.25F, -0.25F}));
  EXPECT_EQ(recording.channels, 3);
}

TEST(Decode, ResamplesToTheRateAskedFor) {
  Scratch folder;
  write_sound(folder / "a.wav", kWav16, 8000, 1, sine(440, 8000, 8000));

  const Recording recording = decode(folder / "a.wav");

  EXPECT_EQ(recording.waveform.samples.size(), 16000U);
  EXPECT_EQ(recording.waveform.sample_rate, 16000);
  EXPECT_EQ(recording.file_sample_rate, 8000);
}

TEST(Decode, KeepsTheFilesRateWhenNoneIsAskedFor) {
  EXPECT_EQ(decode_wav({.sample_rate = 8000}, {.sample_rate = 0}).waveform.sample_rate, 8000);
}

TEST(Decode, StopsAfterTheSecondsAskedForWithoutAWarning) {
  const Wav wav{.data_size = 1000000, .samples = std::vector<int16_t>(16000, 7)};

  const Recording recording = decode_wav(wav, {.max_seconds = 0.5});

  EXPECT_EQ(recording.waveform.samples.size(), 8000U);
  EXPECT_EQ(recording.warnings, (std::vector<std::string>{"constant signal"}));
}

class EveryFormat : public testing::TestWithParam<int> {};

TEST_P(EveryFormat, ComesOutNearlyAsItWentIn) {
  if (SF_INFO info{0, 16000, 1, GetParam(), 0, 0}; sf_format_check(&info) == 0) {
    GTEST_SKIP() << "this libsndfile cannot write it";
  }
  Scratch folder;
  std::vector<float> tone = sine(440, 16000, 16000);
  const std::vector<float> swell = sine(0.5, 16000, 16000, 1);
  for (size_t i = 0; i < tone.size(); ++i) tone[i] *= swell[i];
  write_sound(folder / "tone", GetParam(), 16000, 1, tone);

  const Recording recording = decode(folder / "tone");

  ASSERT_GE(recording.waveform.samples.size(), tone.size());
  double error = 0;
  for (size_t i = 0; i < tone.size(); ++i) {
    error += std::pow(static_cast<double>(recording.waveform.samples[i]) - tone[i], 2);
  }
  EXPECT_LT(std::sqrt(error / static_cast<double>(tone.size())), 0.02);
  EXPECT_TRUE(recording.warnings.empty()) << recording.warnings.front();
}

INSTANTIATE_TEST_SUITE_P(
    Decode, EveryFormat,
    testing::Values(SF_FORMAT_WAV | SF_FORMAT_PCM_U8, kWav16, SF_FORMAT_WAV | SF_FORMAT_PCM_24,
                    SF_FORMAT_WAV | SF_FORMAT_PCM_32, kWavFloat, SF_FORMAT_WAV | SF_FORMAT_DOUBLE,
                    SF_FORMAT_WAV | SF_FORMAT_ULAW, SF_FORMAT_WAV | SF_FORMAT_ALAW,
                    SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                    SF_FORMAT_FLAC | SF_FORMAT_PCM_24, SF_FORMAT_OGG | SF_FORMAT_VORBIS,
                    SF_FORMAT_OGG | SF_FORMAT_OPUS, SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
                    SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SF_FORMAT_AU | SF_FORMAT_ULAW,
                    SF_FORMAT_CAF | SF_FORMAT_PCM_16));

TEST(Decode, ReadsHeaderlessG722ByItsName) {
  Scratch folder;
  const auto coded = encode_g722({sine(440, 16000, 1600), 16000});
  write_bytes(folder / "A.G722", {reinterpret_cast<const char*>(coded.data()), coded.size()});

  const Recording recording = decode(folder / "A.G722");

  EXPECT_EQ(recording.waveform.samples, decode_g722(coded).samples);
  EXPECT_EQ(recording.format, "raw g722");
}

TEST(Decode, ReadsHeaderlessALawAndMuLawAt8kHz) {
  // G.711: the smallest positive steps are 8/32768 (A-law 0xD5) and 0 (mu-law 0xFF).
  const DecodeOptions as_is{.sample_rate = 0};
  const std::string a_law(80, '\xD5');
  const std::string mu_law(80, '\xFF');

  const Recording a = decode_bytes(as_bytes(a_law), "x.al", as_is);
  const Recording mu = decode_bytes(as_bytes(mu_law), "x.ulaw", as_is);

  EXPECT_EQ(a.waveform.samples, std::vector<float>(80, 8 / 32768.F));
  EXPECT_EQ(mu.waveform.samples, std::vector<float>(80, 0.F));
  EXPECT_EQ(mu.file_sample_rate, 8000);
}

TEST(Decode, ReadsHeaderlessGsm) {
  const std::string frame = '\xD0' + std::string(32, '\0');

  const Recording recording = decode_bytes(as_bytes(frame + frame), "x.gsm", {.sample_rate = 0});

  EXPECT_EQ(recording.waveform.samples.size(), 320U);
}

TEST(Decode, BelievesAContainerMoreThanATelephoneName) {
  EXPECT_EQ(decode_bytes(as_bytes(Wav().bytes()), "a.gsm").format, "wav pcm_16");
}

TEST(Decode, PassesOverAnId3TagBeforeFlac) {
  Scratch folder;
  write_sound(folder / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1,
              sine(440, 16000, 100));
  const std::string tagged = std::string("ID3\x04\0\0\0\0\0\x0A", 10) + std::string(10, '\0') +
                             read_bytes(folder / "a.flac");

  EXPECT_EQ(decode_bytes(as_bytes(tagged), "a.flac").waveform.samples.size(), 100U);
}

TEST(Decode, WarnsOfATruncatedWav) {
  const Recording recording = decode_wav({.data_size = 100});

  EXPECT_EQ(recording.waveform.samples.size(), 4U);
  EXPECT_EQ(recording.warnings,
            (std::vector<std::string>{"truncated: 92 bytes fewer than the header promises"}));
}

TEST(Decode, WarnsOfATruncatedFlac) {
  Scratch folder;
  write_sound(folder / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1,
              sine(440, 16000, 64000));
  const std::string whole = read_bytes(folder / "a.flac");

  const Recording recording = decode_bytes(as_bytes(whole.substr(0, whole.size() / 2)), "a.flac");

  EXPECT_LT(recording.waveform.samples.size(), 64000U);
  ASSERT_EQ(recording.warnings.size(), 1U);
  EXPECT_EQ(recording.warnings[0].substr(0, 10), "truncated:");
}

TEST(Decode, WarnsOfATruncatedMp3AndPrintsNothing) {
  const int format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
  if (SF_INFO info{0, 16000, 1, format, 0, 0}; sf_format_check(&info) == 0) {
    GTEST_SKIP() << "this libsndfile cannot write MP3";
  }
  Scratch folder;
  write_sound(folder / "a.mp3", format, 16000, 1, sine(440, 16000, 64000));
  const std::string whole = read_bytes(folder / "a.mp3");
  testing::internal::CaptureStderr();

  const Recording recording = decode_bytes(as_bytes(whole.substr(0, whole.size() / 2)), "a.mp3");

  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_LT(recording.waveform.samples.size(), 64000U);
  ASSERT_EQ(recording.warnings.size(), 1U);
  EXPECT_EQ(recording.warnings[0].substr(0, 10), "truncated:");
}

TEST(Decode, DoesNotAllocateByTheClaimOfAFlacHeader) {
  Scratch folder;
  write_sound(folder / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1,
              sine(440, 16000, 5000));
  std::string bytes = read_bytes(folder / "a.flac");
  // STREAMINFO: the 36-bit number of samples begins in the low half of byte 21.
  bytes[21] = static_cast<char>(bytes[21] | 0x0F);
  std::fill(&bytes[22], &bytes[26], '\xFF');

  const Recording recording = decode_bytes(as_bytes(bytes), "a.flac");

  EXPECT_EQ(recording.waveform.samples.size(), 5000U);
  EXPECT_LT(recording.waveform.samples.capacity(), size_t{1} << 21);
}

TEST(Decode, ReadsAStreamedWavWithoutAWarning) { EXPECT_TRUE(decode_wav({}).warnings.empty()); }

TEST(Decode, SaysWhenThereIsNothingButSilence) {
  const Recording recording = decode_wav({.samples = {0, 0, 0}});

  EXPECT_TRUE(recording.constant);
  EXPECT_EQ(recording.warnings, (std::vector<std::string>{"digital silence"}));
}

TEST(Decode, SaysWhenTheChannelsCancel) {
  const Recording recording = decode_wav({.channels = 2, .samples = {5, -5, 9, -9}});

  EXPECT_TRUE(recording.constant);
  EXPECT_EQ(recording.warnings,
            (std::vector<std::string>{"digital silence: the channels cancel out"}));
}

TEST(Decode, SaysWhenTheSamplesAreClipped) {
  const Recording recording = decode_wav({.samples = {1, 32767, 32767, -32768}});

  EXPECT_EQ(recording.warnings, (std::vector<std::string>{"clipped: 75.0 % at full scale"}));
}

TEST(Decode, SaysWhenSamplesAreScaledLikeIntegers) {
  Scratch folder;
  write_sound(folder / "a.wav", kWavFloat, 16000, 1, {100, -12000, 7});

  EXPECT_EQ(decode(folder / "a.wav").warnings,
            (std::vector<std::string>{"samples outside [-1, 1], up to 1.2e+04"}));
}

TEST(Decode, RefusesSamplesThatAreNoNumbers) {
  Scratch folder;
  write_sound(folder / "nan.wav", kWavFloat, 16000, 1,
              {0, std::numeric_limits<float>::quiet_NaN(), 0});
  write_sound(folder / "inf.wav", kWavFloat, 16000, 1,
              {0, -std::numeric_limits<float>::infinity(), 0});

  EXPECT_THROW(decode(folder / "nan.wav"), Error);
  EXPECT_THROW(decode(folder / "inf.wav"), Error);
}

TEST(Decode, RefusesSamplesTooLargeToResample) {
  Scratch folder;
  std::vector<float> square(8000, 3e38F);
  std::fill(square.begin(), square.begin() + 4000, -3e38F);
  write_sound(folder / "a.wav", kWavFloat, 8000, 1, square);

  EXPECT_THROW(decode(folder / "a.wav"), Error);
}

TEST(Decode, NamesTheFileAndTheReason) {
  EXPECT_EQ(reason("", "x.wav"), "x.wav: an empty file");
  EXPECT_EQ(reason(Wav{.samples = {}}.bytes(), "x.wav"), "x.wav: no samples");
  EXPECT_EQ(reason(Wav{.sample_rate = 1}.bytes()),
            "a.wav: sample rate 1 Hz; it must lie between 4000 and 768000 Hz");
  EXPECT_EQ(reason(Wav{.channels = 65}.bytes()), "a.wav: 65 channels; at most 64 are read");
  EXPECT_EQ(reason(Wav{.sample_rate = 0}.bytes()),
            "a.wav: cannot be read as audio (impossible sample rate or channel count)");
}

TEST(Decode, NamesFormatsThatItCannotRead) {
  EXPECT_EQ(reason(std::string("\0\0\0\x1C"
                               "ftypM4A ",
                               12)),
            "a.wav: looks like MPEG-4 audio (m4a, mp4); convert it to wav or flac first");
  EXPECT_EQ(reason("\x1F\x8B\x08"), "a.wav: looks like a gzip archive, not audio; unpack it first");
  EXPECT_EQ(reason("LA_0079 LA_T_1138215 - - bonafide\n"), "a.wav: looks like text, not audio");
}

TEST(Decode, RefusesHeadersThatAreCutAnywhere) {
  const std::string whole = Wav().bytes();

  for (size_t length = 0; length <= 44; ++length) {
    EXPECT_NE(reason(whole.substr(0, length)), "") << length;
  }
}

TEST(Decode, RefusesWhatIsNoRegularFileWithoutWaiting) {
  Scratch folder;
  ::mkfifo((folder / "fifo.wav").c_str(), 0600);
  std::filesystem::create_directory(folder / "folder.wav");
  std::filesystem::create_symlink("/dev/zero", folder / "zero.wav");
  std::filesystem::create_symlink("loop.wav", folder / "loop.wav");

  EXPECT_THROW(decode(folder / "fifo.wav"), Error);
  EXPECT_THROW(decode(folder / "folder.wav"), Error);
  EXPECT_THROW(decode(folder / "zero.wav"), Error);
  EXPECT_THROW(decode(folder / "loop.wav"), Error);
  EXPECT_THROW(decode(folder / "missing.wav"), Error);
}

TEST(Decode, RefusesARecordingLongerThanItsLimit) {
  Scratch folder;
  write_bytes(folder / "a.ulaw", "");
  // Sparse. At 8 kHz half as many samples are read as at 16 kHz, where they would end up.
  std::filesystem::resize_file(folder / "a.ulaw", kMostSamples / 2 + 1);

  EXPECT_THAT(error_text([&] { decode(folder / "a.ulaw"); }),
              testing::HasSubstr("longer than 280 minutes"));
}

TEST(HasAudioExtension, GoesByTheNameInAnyCase) {
  EXPECT_TRUE(has_audio_extension("a/b.FLAC"));
  EXPECT_TRUE(has_audio_extension("b.g722"));
  EXPECT_TRUE(has_audio_extension("b.webm")) << "not read, and said so";
  EXPECT_FALSE(has_audio_extension("b.txt"));
  EXPECT_FALSE(has_audio_extension("flac"));
}

}  // namespace
}  // namespace bonafide
