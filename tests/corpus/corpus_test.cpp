#include "corpus/corpus.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/error.h"
#include "corpus/tree.h"
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

class CorpusList : public Tree {
 protected:
  // The ids in the list; "none" when it is not taken for a data set's.
  std::string ids(std::string_view name) {
    const auto trials = read_corpus_list(path(name));
    if (!trials) return "none";
    std::string all;
    for (const Trial& trial : *trials) all += trial.id + " ";
    return all;
  }
};

TEST_F(CorpusList, IsKnownByItsPlace) {
  write("keys/DF/CM/trial_metadata.txt",
        "LA_0023 DF_E_1 nocodec asvspoof A14 spoof notrim progress traditional_vocoder - - - -\n");
  write("CM/trial_metadata.txt", "LA_0009 LA_E_1 alaw ita_tx A07 spoof notrim eval\n");
  write("my-ASVspoof5.train.tsv", "T_1 T_0000000001 F - - - AC1 A05 spoof -\n");

  EXPECT_EQ(ids("keys/../keys/DF/CM/trial_metadata.txt"), "DF_E_1 ");
  EXPECT_EQ(ids("CM/trial_metadata.txt"), "none");
  EXPECT_EQ(ids("my-ASVspoof5.train.tsv"), "none");
  EXPECT_EQ(ids("ASVspoof5.train.tsv"), "none");
  EXPECT_EQ(read_corpus_list(""), std::nullopt);
}

TEST_F(CorpusList, IsReadItselfAndNotItsNeighbour) {
  write("ASVspoof5.dev.track_1.tsv", "D_1 D_0000000001 F - - - AC1 A11 spoof -\n");
  write("ASVspoof5.dev.metadata.txt", "D_1 D_0000000002 F - A11 spoof\n");
  const std::string folder = "ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.train.";
  write(folder + "trn.txt", "LA_1 LA_T_1 - - bonafide\n");
  write(folder + "trl.txt", "LA_1 LA_T_2 - - bonafide\n");

  EXPECT_EQ(ids("ASVspoof5.dev.metadata.txt"), "D_0000000002 ");
  EXPECT_EQ(ids("ASVspoof5.dev.track_1.tsv"), "D_0000000001 ");
  EXPECT_EQ(ids(folder + "trl.txt"), "LA_T_2 ");
}

TEST(Corpora, SuggestTheNearestName) {
  EXPECT_THAT(error_text<UsageError>([&] { find_corpus("asvspoof2019la"); }),
              testing::HasSubstr("did you mean \"asvspoof2019-la\"?"));
}

}  // namespace
}  // namespace bonafide
