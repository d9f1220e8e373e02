#include "corpus/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

TEST(Corpora, AreFoundByName) {
  for (const Corpus& corpus : corpora()) EXPECT_EQ(find_corpus(corpus.name).name, corpus.name);
}

TEST(Corpora, HaveCountsOfPartsThatTheyHave) {
  for (const Corpus& corpus : corpora()) {
    for (const KnownCount& count : corpus.counts) {
      const auto& parts = corpus.parts;
      const bool has = parts.empty()
                           ? count.part.empty()
                           : std::find(parts.begin(), parts.end(), count.part) != parts.end();
      EXPECT_TRUE(has) << corpus.name << " " << count.part;
      EXPECT_GT(count.bona_fide + count.spoof + count.all, 0u) << corpus.name;
    }
  }
}

TEST(Corpora, CallAMissingCopyAUsageError) {
  for (const Corpus& corpus : corpora()) {
    const std::string part(corpus.parts.empty() ? "" : corpus.parts.front());
    EXPECT_THROW(corpus.read({"/nonexistent/copy", part}), UsageError) << corpus.name;
  }
}

TEST(Corpora, SuggestTheNearestName) {
  EXPECT_THAT(error_text<UsageError>([&] { find_corpus("asvspoof2019la"); }),
              testing::HasSubstr("did you mean \"asvspoof2019-la\"?"));
}

}  // namespace
}  // namespace bonafide
