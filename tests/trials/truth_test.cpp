#include "trials/truth.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(Label, IsReadFromTheWordsOfTheFieldsProtocols) {
  for (const char* word : {"bonafide", "bona-fide", "Bona_Fide", "genuine", "HUMAN", "real "}) {
    EXPECT_EQ(parse_label(word), Truth::kBonaFide) << word;
  }
  for (const char* word : {"spoof", "Fake", "spoofed", "deepfake"}) {
    EXPECT_EQ(parse_label(word), Truth::kSpoof) << word;
  }
}

TEST(Label, RefusesOtherWords) {
  for (const char* word : {"", "-", "0", "1", "bona fide", "target"}) {
    EXPECT_THROW(parse_label(word), UsageError) << word;
  }
}

TEST(Label, HasNamesThatReadBack) {
  EXPECT_EQ(parse_label(name_of(Truth::kSpoof)), Truth::kSpoof);
  EXPECT_EQ(parse_label(name_of(Truth::kBonaFide)), Truth::kBonaFide);
  EXPECT_EQ(name_of(Truth::kUnknown), "");
}

TEST(AsvKey, IsReadFromTheWordsOfTheFieldsProtocols) {
  for (const char* word : {"target", "Target", " tar"}) {
    EXPECT_EQ(parse_asv_key(word), Truth::kTarget) << word;
  }
  for (const char* word : {"nontarget", "non-target", "non", "impostor", "imposter"}) {
    EXPECT_EQ(parse_asv_key(word), Truth::kNontarget) << word;
  }
  for (const char* word : {"spoof", "fake"}) {
    EXPECT_EQ(parse_asv_key(word), Truth::kSpoof) << word;
  }
}

TEST(AsvKey, RefusesOtherWords) {
  for (const char* word : {"", "-", "0", "1", "bonafide"}) {
    EXPECT_THROW(parse_asv_key(word), UsageError) << word;
  }
}

TEST(Truth, OfAVerificationTrialSaysTheLabelToo) {
  EXPECT_EQ(label_of(Truth::kTarget), Truth::kBonaFide);
  EXPECT_EQ(label_of(Truth::kNontarget), Truth::kBonaFide);
  EXPECT_EQ(label_of(Truth::kSpoof), Truth::kSpoof);
  EXPECT_EQ(label_of(Truth::kUnknown), Truth::kUnknown);
}

TEST(Truth, ContradictsWhatCannotBeSaidOfTheSameTrial) {
  EXPECT_TRUE(contradict(Truth::kSpoof, Truth::kTarget));
  EXPECT_TRUE(contradict(Truth::kNontarget, Truth::kTarget));
  EXPECT_FALSE(contradict(Truth::kBonaFide, Truth::kNontarget));
  EXPECT_FALSE(contradict(Truth::kUnknown, Truth::kSpoof));
}

}  // namespace
}  // namespace bonafide
