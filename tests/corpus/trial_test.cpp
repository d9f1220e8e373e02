#include "corpus/trial.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(Label, IsReadFromTheWordsOfTheFieldsProtocols) {
  for (const char* word : {"bonafide", "bona-fide", "Bona_Fide", "genuine", "HUMAN", "real "}) {
    EXPECT_EQ(parse_label(word), Label::kBonaFide) << word;
  }
  for (const char* word : {"spoof", "Fake", "spoofed", "deepfake"}) {
    EXPECT_EQ(parse_label(word), Label::kSpoof) << word;
  }
}

TEST(Label, RefusesOtherWords) {
  for (const char* word : {"", "-", "0", "1", "bona fide", "target"}) {
    EXPECT_THROW(parse_label(word), UsageError) << word;
  }
}

TEST(Label, HasNamesThatReadBack) {
  EXPECT_EQ(parse_label(name_of(Label::kSpoof)), Label::kSpoof);
  EXPECT_EQ(parse_label(name_of(Label::kBonaFide)), Label::kBonaFide);
  EXPECT_EQ(name_of(Label::kUnknown), "");
}

}  // namespace
}  // namespace bonafide
