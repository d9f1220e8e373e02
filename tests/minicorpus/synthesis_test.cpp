#include "minicorpus/synthesis.h"

#include <gtest/gtest.h>

#include <set>

#include "audio/decode.h"
#include "base/error.h"
#include "minicorpus/sentences.h"
#include "scratch.h"

namespace bonafide {
namespace {

constexpr const char* kShare = "/usr/share";

TEST(Voices, HaveIdsOfTheirOwn) {
  std::set<std::string> ids;
  for (const Voice& voice : voices()) EXPECT_TRUE(ids.insert(voice.id).second) << voice.id;
  EXPECT_THROW(find_voice("hal9000"), Error);
}

TEST(Voices, OfFestivalAreNotThereWithoutTheirData) {
  const Scratch scratch;
  EXPECT_FALSE(is_installed(find_voice("festival-lp_diphone"), scratch.path()));
}

class Speak : public testing::TestWithParam<std::string> {};

TEST_P(Speak, MakesSecondsOfSoundOfEverySentence) {
  const Voice& voice = find_voice(GetParam());
  if (!is_installed(voice, kShare)) GTEST_SKIP() << voice.package << " is not installed";
  const Scratch scratch;
  std::vector<Sentence> sentences;
  for (const std::string& text : mini_sentences(voice.language, 2, 1)) {
    sentences.push_back({text, scratch / ("s" + std::to_string(sentences.size()) + ".wav")});
  }

  speak(voice, sentences);

  for (const Sentence& sentence : sentences) {
    const Recording recording = decode(sentence.path);
    EXPECT_GT(recording.waveform.seconds(), 1.5) << sentence.text;
    EXPECT_LT(recording.waveform.seconds(), 9) << sentence.text;
    EXPECT_FALSE(recording.constant);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 2);
}

INSTANTIATE_TEST_SUITE_P(EveryVoice, Speak, testing::ValuesIn([] {
                           std::vector<std::string> ids;
                           for (const Voice& voice : voices()) ids.push_back(voice.id);
                           return ids;
                         }()),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           for (char& c : name)
                             c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
                           return name;
                         });

TEST(SpeakOfPlusVoices, DiffersFromThePlainVoice) {
  // espeak-ng passes over a variant that it does not know without a message.
  const Voice& plain = find_voice("espeak-ng-en-us");
  if (!is_installed(plain, kShare)) GTEST_SKIP() << "espeak-ng is not installed";
  const Scratch scratch;

  speak(plain, {{"Good morning.", scratch / "plain.wav"}});
  speak(find_voice("espeak-ng-en-us+f3"), {{"Good morning.", scratch / "f3.wav"}});

  EXPECT_NE(decode(scratch / "plain.wav").waveform.samples,
            decode(scratch / "f3.wav").waveform.samples);
}

TEST(SpeakOfHostileText, IsNeverAShellOrSchemeCommand) {
  const Scratch scratch;
  const auto planted = scratch / "planted";
  const std::string text =
      "hello\") (system \"touch " + planted.string() + "\") $(touch " + planted.string() + ") \"";
  for (const char* id : {"flite-kal16", "festival-ked_diphone", "espeak-ng-en-us"}) {
    const Voice& voice = find_voice(id);
    if (!is_installed(voice, kShare)) continue;
    speak(voice, {{text, scratch / "s.wav"}});
    EXPECT_FALSE(std::filesystem::exists(planted)) << id;
  }
}

}  // namespace
}  // namespace bonafide
