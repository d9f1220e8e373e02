#include "corpus/corpus.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(Corpora, AreFoundByName) {
  for (const Corpus& corpus : corpora()) EXPECT_EQ(find_corpus(corpus.name).name, corpus.name);
}

TEST(Corpora, SuggestTheNearestName) {
  try {
    find_corpus("asvspoof2019la");
    FAIL() << "found a corpus that does not exist";
  } catch (const UsageError& e) {
    EXPECT_NE(std::string(e.what()).find("did you mean \"asvspoof2019-la\"?"), std::string::npos);
  }
}

}  // namespace
}  // namespace bonafide
