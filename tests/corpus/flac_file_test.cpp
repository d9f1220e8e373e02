#include "corpus/flac_file.h"

#include <gtest/gtest.h>

#include <vector>

#include "audio/decode.h"
#include "base/error.h"
#include "scratch.h"

namespace bonafide {
namespace {

TEST(FlacFile, DecodesToTheSameSamples) {
  const Scratch scratch;
  const std::vector<int16_t> samples = {0, 1, -1, 32767, -32768, 1234};

  write_flac(scratch / "a.flac", samples, 16000);
  const Recording recording = decode(scratch / "a.flac");

  EXPECT_EQ(recording.format, "flac pcm_16");
  EXPECT_EQ(recording.file_sample_rate, 16000);
  ASSERT_EQ(recording.waveform.samples.size(), samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(recording.waveform.samples[i] * 32768, samples[i]);
  }
}

TEST(FlacFile, LeavesNothingElseBehind) {
  const Scratch scratch;

  write_flac(scratch / "a.flac", std::vector<int16_t>(100), 16000);

  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1);
}

TEST(FlacFile, RefusesAFolderThatIsNotThere) {
  const Scratch scratch;

  EXPECT_THROW(write_flac(scratch / "no/a.flac", std::vector<int16_t>(100), 16000), Error);
}

}  // namespace
}  // namespace bonafide
