#include "corpus/corpus.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
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

TEST(Corpora, ReadTheListsThatTheyName) {
  for (const Corpus& corpus : corpora()) {
    for (const std::string_view part : corpus.parts) {
      std::vector<std::string> lists;
      for (const std::string_view list : corpus.lists) {
        lists.push_back("/copy/" + fmt::format(fmt::runtime(list), part) + ":");
      }
      if (lists.empty()) continue;
      const std::string missing = error_text<UsageError>([&] {
        corpus.read({"/copy", std::string(part)});
      });
      EXPECT_TRUE(std::any_of(lists.begin(), lists.end(), [&](const std::string& list) {
        return missing.starts_with(list);
      })) << missing;
    }
  }
}

TEST(Corpora, AreKnownByTheirLists) {
  const auto missing = [](const char* list) {
    return error_text<UsageError>([&] { read_corpus_list(list); });
  };
  EXPECT_THAT(missing("a/ASVspoof5.dev.track_1.tsv"), testing::StartsWith("a/ASVspoof5.dev."));
  EXPECT_THAT(missing("ASVspoof5.train.tsv"), testing::StartsWith("ASVspoof5.train.tsv"));
  EXPECT_THAT(missing("x/../keys/DF/CM/trial_metadata.txt"),
              testing::StartsWith("keys/DF/CM/trial_metadata.txt"));
  EXPECT_EQ(read_corpus_list("x/CM/trial_metadata.txt"), std::nullopt);
  EXPECT_EQ(read_corpus_list("my-ASVspoof5.train.tsv"), std::nullopt);
  EXPECT_EQ(read_corpus_list(""), std::nullopt);
}

TEST(Corpora, SuggestTheNearestName) {
  EXPECT_THAT(error_text<UsageError>([&] { find_corpus("asvspoof2019la"); }),
              testing::HasSubstr("did you mean \"asvspoof2019-la\"?"));
}

}  // namespace
}  // namespace bonafide
