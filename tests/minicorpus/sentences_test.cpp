#include "minicorpus/sentences.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "minicorpus/synthesis.h"

namespace bonafide {
namespace {

TEST(MiniSentences, ExistForTheLanguageOfEveryVoice) {
  for (const Voice& voice : voices()) {
    EXPECT_EQ(mini_sentences(voice.language, 3, 1).size(), 3u) << voice.id;
  }
}

TEST(MiniSentences, AreAsLongAsThreeToFiveSecondsWant) {
  for (const Voice& voice : voices()) {
    for (const std::string& sentence : mini_sentences(voice.language, 400, 1)) {
      const auto words = 1 + std::count(sentence.begin(), sentence.end(), ' ');
      EXPECT_GE(words, 5) << sentence;
      EXPECT_LE(words, 18) << sentence;
      EXPECT_EQ(sentence.back(), '.');
    }
  }
}

TEST(MiniSentences, ComeAgainOnlyAfterFourHundred) {
  const auto sentences = mini_sentences("en", 401, 1);

  EXPECT_EQ(std::set<std::string>(sentences.begin(), sentences.end()).size(), 400u);
  EXPECT_EQ(sentences.front(), sentences.back());
}

TEST(MiniSentences, ComeInAnotherOrderWithAnotherSeed) {
  EXPECT_EQ(mini_sentences("fi", 5, 1), mini_sentences("fi", 5, 1));
  EXPECT_NE(mini_sentences("fi", 5, 1), mini_sentences("fi", 5, 2));
}

TEST(MiniSentences, RefuseAnUnknownLanguage) { EXPECT_THROW(mini_sentences("xx", 1, 1), Error); }

}  // namespace
}  // namespace bonafide
