#include "augment/batch.h"

#include <gtest/gtest.h>

#include <fstream>

#include "audio/decode.h"
#include "augment/chain.h"
#include "augment/levels.h"
#include "augment/vowel.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "corpus/flac_file.h"
#include "corpus/manifest.h"
#include "recipe/recipe.h"
#include "scratch.h"

namespace bonafide {
namespace {

class Batch : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 5; ++i) {
      const Waveform voice = make_vowel(0.4, 16000, static_cast<uint64_t>(i));
      std::vector<int16_t> samples;
      for (const float x : voice.samples) samples.push_back(static_cast<int16_t>(x * 32767));
      const auto folder = scratch_.path() / (i < 3 ? "a" : "b");
      std::filesystem::create_directories(folder);
      Trial trial;
      trial.path = folder / ("voice " + std::to_string(i % 3) + ".flac");
      trial.id = "id" + std::to_string(i);
      trial.speaker = "s" + std::to_string(i % 2);
      trial.truth = i == 4 ? Truth::kSpoof : Truth::kBonaFide;
      write_flac(trial.path, samples, 16000);
      trials_.push_back(trial);
    }
  }

  BatchReport augment(const std::string& folder, size_t threads, const std::string& steps) {
    const Json yaml = parse_yaml(steps, "test");
    return augment_batch(trials_, *make_chain(yaml, "test"), yaml, 2,
                         {scratch_ / folder, 16000, 3, threads}, {}, progress_);
  }

  BatchReport copy(const std::string& folder, bool all) {
    std::vector<const Vocoder*> list{&find_vocoder("lpc"), &find_vocoder("griffin-lim")};
    return copysynth_batch(trials_, list, all, {scratch_ / folder, 16000, 3, 2}, progress_);
  }

  Scratch scratch_;
  std::vector<Trial> trials_;
  NoProgress progress_;
};

TEST_F(Batch, MakesTheSameFilesWithAnyNumberOfThreads) {
  augment("one", 1, "[white_noise]");
  augment("four", 4, "[white_noise]");
  for (const auto& entry : std::filesystem::directory_iterator(scratch_ / "one")) {
    const auto name = entry.path().filename();
    EXPECT_EQ(read_text(entry.path()), read_text(scratch_ / "four" / name)) << name;
  }
  EXPECT_EQ(read_manifest(scratch_ / "one" / "manifest.csv", false).size(), 10U);
}

TEST_F(Batch, GoesOnWhereItStopped) {
  augment("out", 1, "[white_noise]");
  const auto file = scratch_ / "out" / "voice_0.1.flac";
  const auto other = scratch_ / "out" / "voice_1.1.flac";
  const std::string before = read_text(file);
  std::filesystem::remove(file);
  const auto time = std::filesystem::last_write_time(other);

  augment("out", 1, "[white_noise]");

  EXPECT_EQ(read_text(file), before);
  EXPECT_EQ(std::filesystem::last_write_time(other), time);
}

// Else the audio of one recording would stand under the label of another.
TEST_F(Batch, MakesAnewWhatWasMadeOfAnotherRecording) {
  const auto samples = [&] { return decode(scratch_ / "out" / "voice_0.1.flac").waveform.samples; };
  augment("out", 1, "[mu_law]");
  const auto first = samples();
  std::reverse(trials_.begin(), trials_.end());  // the other "voice 0" comes first now

  augment("out", 1, "[mu_law]");

  EXPECT_NE(samples(), first);
  augment("fresh", 1, "[mu_law]");
  for (const auto& entry : std::filesystem::directory_iterator(scratch_ / "fresh")) {
    const auto name = entry.path().filename();
    EXPECT_EQ(read_text(entry.path()), read_text(scratch_ / "out" / name)) << name;
  }
}

TEST_F(Batch, CopiesAnewWhatWasCopiedFromAnotherRecording) {
  copy("copies", /*all=*/true);
  const auto before = read_text(scratch_ / "copies" / "lpc" / "voice_0.flac");
  std::reverse(trials_.begin(), trials_.end());

  copy("copies", /*all=*/true);

  EXPECT_NE(read_text(scratch_ / "copies" / "lpc" / "voice_0.flac"), before);
}

TEST_F(Batch, RefusesAFolderMadeWithOtherSettings) {
  augment("out", 1, "[white_noise]");
  EXPECT_THROW(augment("out", 1, "[mu_law]"), UsageError);
}

TEST_F(Batch, OneBrokenRecordingDoesNotStopTheOthers) {
  std::ofstream(trials_[1].path) << "no audio";

  const BatchReport report = augment("out", 2, "[gain]");

  EXPECT_EQ(report.reasons.size(), 1U);
  EXPECT_EQ(report.made, 4U);
  EXPECT_EQ(read_manifest(scratch_ / "out" / "manifest.csv", false).size(), 8U);
}

TEST_F(Batch, LoudResultsAreMadeSofterNotClipped) {
  augment("out", 1, "[{name: gain, db: 60}]");
  const auto samples = decode(scratch_ / "out" / "voice_0.1.flac").waveform.samples;
  const auto loud =
      std::count_if(samples.begin(), samples.end(), [](float x) { return std::abs(x) > 0.999f; });
  EXPECT_GE(loud, 1);
  EXPECT_LE(loud, 3);
}

TEST_F(Batch, CopySynthesisPairsEachBonaFideRecordingWithCopies) {
  const BatchReport report = copy("copies", /*all=*/true);

  EXPECT_EQ(report.left_out, 1U);
  EXPECT_EQ(report.made, 4U);
  const auto written = read_manifest(scratch_ / "copies" / "manifest.csv");
  EXPECT_EQ(written.size(), 12U);
  for (const Trial& trial : written) {
    EXPECT_EQ(trial.truth == Truth::kSpoof, !trial.attack.empty());
    EXPECT_EQ(decode(trial.path).waveform.samples.size(), 6400U);
  }
  const std::string protocol = read_text(scratch_ / "copies" / "protocol.txt");
  EXPECT_TRUE(
      protocol.starts_with("s0 bonafide/voice_0 - - bonafide\n"
                           "s0 lpc/voice_0 - lpc spoof\n"))
      << protocol;
}

TEST_F(Batch, CopySynthesisDrawsOneVocoderForEach) {
  copy("copies", /*all=*/false);
  EXPECT_EQ(read_manifest(scratch_ / "copies" / "manifest.csv").size(), 8U);
}

// 200 samples of 16 bits where the header promises 400.
std::string truncated_wav() {
  std::string text("RIFF\x44\x03\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3E\0\0\0\x7D\0\0\2\0\x10\0",
                   36);
  text += std::string("data\x20\x03\0\0", 8);
  for (int i = 0; i < 200; ++i) text += {static_cast<char>(i), '\1'};
  return text;
}

TEST_F(Batch, AugmentationSaysOnceWhatTheDecoderLostOfARecording) {
  std::ofstream(trials_[1].path) << truncated_wav();

  const BatchReport report = augment("out", 2, "[gain]");

  EXPECT_EQ(report.made, 5U);
  EXPECT_EQ(report.losses,
            std::vector<std::string>{trials_[1].path.string() +
                                     ": truncated: 400 bytes fewer than the header promises"});
}

TEST_F(Batch, CopySynthesisSaysOnceWhatTheDecoderLostOfARecording) {
  std::ofstream(trials_[2].path) << truncated_wav();

  EXPECT_EQ(copy("copies", /*all=*/true).losses,
            std::vector<std::string>{trials_[2].path.string() +
                                     ": truncated: 400 bytes fewer than the header promises"});
}

TEST_F(Batch, NamesAreUniqueAndStayInTheFolder) {
  std::vector<Trial> trials(3);
  trials[0].path = "x/a.flac";
  trials[1].path = "y/a.wav";
  trials[2].path = "z/..flac";
  EXPECT_EQ(unique_names(trials), (std::vector<std::string>{"a", "a-2", "recording"}));
}

}  // namespace
}  // namespace bonafide
