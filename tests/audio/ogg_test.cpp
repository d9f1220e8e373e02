#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audio/decode.h"
#include "audio/ogg_pages.h"
#include "base/error.h"
#include "error_text.h"

// libsndfile 1.2.0 forgets this of a Vorbis header that it refuses.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }

namespace bonafide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kVorbis = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
constexpr int kOpus = SF_FORMAT_OGG | SF_FORMAT_OPUS;

Recording decoded(const std::string& bytes) {
  return decode_bytes(std::as_bytes(std::span(bytes)), "a.ogg");
}

std::string reason(const std::string& bytes) {
  return error_text([&] { decoded(bytes); });
}

std::string link(int format = kVorbis, int sample_rate = 16000, int channels = 1) {
  return sound_bytes(format, sample_rate, channels,
                     sine(440, sample_rate, static_cast<size_t>(8000 * channels)));
}

std::vector<float> twice(std::vector<float> samples) {
  const auto once = samples;
  samples.insert(samples.end(), once.begin(), once.end());
  return samples;
}

class OggCodecs : public testing::TestWithParam<int> {};

TEST_P(OggCodecs, IsReadThroughAllLinksOfAChain) {
  const std::string one = link(GetParam());
  const auto samples = decoded(one).waveform.samples;

  for (const std::string& chain : {one + one, one + with_serial(one, 77)}) {
    const Recording recording = decoded(chain);

    EXPECT_EQ(recording.waveform.samples, twice(samples));
    EXPECT_THAT(recording.warnings, ElementsAre());
  }
}

INSTANTIATE_TEST_SUITE_P(Ogg, OggCodecs, testing::Values(kVorbis, kOpus));

TEST(Ogg, HoldsFlacToo) {
  std::vector<int32_t> samples(20000);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<int32_t>(i * 37 % 3001);

  const Recording recording = decoded(flac_in_ogg(16000, samples));

  ASSERT_EQ(recording.waveform.samples.size(), samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    ASSERT_EQ(recording.waveform.samples[i], static_cast<float>(samples[i]) / 32768);
  }
  EXPECT_EQ(recording.format, "ogg flac pcm_16");
  EXPECT_THAT(recording.warnings, ElementsAre());
}

TEST(Ogg, ChainsMayChangeTheCodec) {
  const std::vector<int32_t> samples(5000, 300);

  const Recording recording = decoded(link() + flac_in_ogg(16000, samples));

  EXPECT_EQ(recording.waveform.samples.size(), 13000U);
  EXPECT_EQ(recording.waveform.samples.back(), 300 / 32768.F);
  EXPECT_THAT(recording.warnings, ElementsAre());
}

TEST(Ogg, JoinsLinksOfAnyNumberOfChannels) {
  const Recording stereo_first = decoded(link(kVorbis, 16000, 2) + link());
  const Recording mono_first = decoded(link() + link(kVorbis, 16000, 2));

  EXPECT_EQ(stereo_first.waveform.samples.size(), 16000U);
  EXPECT_EQ(mono_first.waveform.samples.size(), 16000U);
  EXPECT_THAT(mono_first.warnings, ElementsAre());
}

TEST(Ogg, NamesALinkOfAnotherRate) {
  const Recording recording = decoded(link() + link(kVorbis, 22050) + link());

  EXPECT_EQ(recording.waveform.samples.size(), 16000U);
  EXPECT_THAT(recording.warnings,
              ElementsAre("stream 2 of 3: was not read: it has 22050 Hz, not 16000"));
}

TEST(Ogg, NamesALinkThatCannotBeRead) {
  const std::string begin = with_serial(pages_of(link()).front(), 3);

  const Recording cut = decoded(link() + begin + link());
  const Recording broken = decoded(link() + begin + ogg_page("nothing", 3, 1, 4) + link());

  EXPECT_EQ(cut.waveform.samples.size(), 16000U);
  EXPECT_THAT(cut.warnings, ElementsAre("stream 2 of 2: only one Vorbis stream of it was read; "
                                        "others beside it: Vorbis"));
  EXPECT_EQ(broken.waveform.samples.size(), 16000U);
  EXPECT_THAT(broken.warnings, ElementsAre(HasSubstr("stream 2 of 3: ")));
}

TEST(Ogg, GivesUpAfterManyLinksThatCannotBeRead) {
  std::string file = link();
  for (int i = 0; i < 150; ++i) file += ogg_page("Speex   ", 3, 0, 2) + ogg_page("x", 3, 1, 4);

  const Recording recording = decoded(file + link());

  EXPECT_EQ(recording.waveform.samples.size(), 8000U);
  EXPECT_THAT(recording.warnings,
              testing::Contains("nothing was read behind 100 streams that cannot be"));
}

TEST(Ogg, NamesWhatLiesBesideTheStreamThatIsRead) {
  const auto sound = pages_of(link());
  const std::string skeleton = ogg_page(std::string("fishead\0", 8), 1, 0, 2);
  const std::string video = ogg_page("\x80theora", 2, 0, 2);
  std::string file = skeleton + video + sound.front() + ogg_page("a frame", 2, 1, 4);
  for (size_t i = 1; i < sound.size(); ++i) file += sound[i];

  const Recording recording = decoded(file);

  EXPECT_EQ(recording.waveform.samples, decoded(joined(sound)).waveform.samples);
  EXPECT_THAT(recording.warnings, ElementsAre("only one Vorbis stream of it was read; others "
                                              "beside it: Skeleton, Theora video"));
}

TEST(Ogg, NamesASecondSoundBesideTheFirst) {
  const auto one = pages_of(link());
  const auto two = pages_of(with_serial(link(kOpus), 9));
  std::string file = one.front() + two.front();
  for (size_t i = 1; i < one.size(); ++i) file += one[i];
  for (size_t i = 1; i < two.size(); ++i) file += two[i];

  const Recording recording = decoded(file);

  EXPECT_EQ(recording.waveform.samples.size(), 8000U);
  EXPECT_THAT(recording.warnings,
              ElementsAre("only one Vorbis stream of it was read; others beside it: Opus"));
}

TEST(Ogg, CountsTheBytesThatAreNoPages) {
  EXPECT_THAT(decoded(link() + std::string(100, 'x')).warnings,
              ElementsAre("100 bytes that are no whole Ogg pages of it were not read"));
}

TEST(Ogg, CountsBadPagesThroughAllLinksOfAChain) {
  const std::string bad_page = std::string("OggS", 4) + std::string(23, '\0');
  std::string bad_pages;
  for (int i = 0; i < 600; ++i) bad_pages += bad_page;

  const Recording once = decoded(link() + bad_pages + link());
  const Recording twice = decoded(link() + bad_pages + link() + bad_pages + link());

  EXPECT_EQ(once.waveform.samples.size(), 16000U);
  EXPECT_EQ(twice.waveform.samples.size(), 16000U);
  EXPECT_THAT(twice.warnings,
              ElementsAre(HasSubstr("16200 bytes that are no whole Ogg pages"),
                          HasSubstr(std::to_string(bad_pages.size() + link().size()) +
                                    " bytes that are no whole Ogg pages")));
}

TEST(Ogg, HasNoLengthWithoutItsLastPage) {
  for (const int format : {kVorbis, kOpus}) {
    auto pages = pages_of(sound_bytes(format, 16000, 1, sine(440, 16000, 160000)));
    ASSERT_GT(pages.size(), 3U);
    pages.pop_back();

    const Recording recording = decoded(joined(pages));

    const auto read = std::to_string(recording.waveform.samples.size());
    EXPECT_THAT(recording.warnings, ElementsAre("truncated: the Ogg stream has no end; " + read +
                                                " samples were read"));
  }
}

TEST(Ogg, SaysThatItWasCutInsideAPage) {
  const std::string whole = sound_bytes(kVorbis, 16000, 1, sine(440, 16000, 160000));

  const auto warnings = decoded(whole.substr(0, whole.size() * 2 / 3)).warnings;

  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_THAT(warnings[0], HasSubstr("the Ogg stream has no end"));
  EXPECT_THAT(warnings[1], HasSubstr("bytes that are no whole Ogg pages"));
}

TEST(Ogg, SaysThatPagesAreMissing) {
  auto pages = pages_of(sound_bytes(kVorbis, 16000, 1, sine(440, 16000, 320000)));
  ASSERT_GT(pages.size(), 5U);
  pages.erase(pages.begin() + 4);

  EXPECT_THAT(decoded(joined(pages)).warnings,
              testing::Contains(HasSubstr("damaged: Ogg pages are missing in 1 place(s)")));
}

TEST(Ogg, NamesACodecThatIsNotRead) {
  EXPECT_EQ(reason(ogg_page("Speex   1.2", 1, 0, 2)),
            "a.ogg: cannot be read as audio (it holds Speex; convert it to wav or flac first)");
  EXPECT_THAT(reason(ogg_page("\x80theora", 1, 0, 2)), HasSubstr("Theora video"));
  EXPECT_THAT(reason("OggS"), HasSubstr("no Ogg stream begins in it"));
}

TEST(Ogg, StretchesAreCutFromTheWholeChain) {
  const std::string one = link();
  const std::string chain = one + one;
  const auto whole = decoded(chain).waveform.samples;
  size_t asked = 0;

  const Waveform stretch = decode_stretch_of_bytes(std::as_bytes(std::span(chain)), "a.ogg", 16000,
                                                   {1000, [&](size_t total) {
                                                      asked = total;
                                                      return size_t{12000};
                                                    }});

  EXPECT_EQ(asked, 16000U);
  EXPECT_TRUE(std::equal(stretch.samples.begin(), stretch.samples.end(), whole.begin() + 12000));
}

}  // namespace
}  // namespace bonafide
