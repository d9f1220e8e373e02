#include "train/parts.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

class Parts : public testing::Test {
 protected:
  // A recipe whose training part has these lines of a manifest.
  Recipe recipe(const std::string& lines) const {
    const auto manifest = folder_ / "all.csv";
    write_atomically(manifest, "path,label,speaker\n" + lines);
    return Recipe::load("aasist", {"data.corpus=manifest", "data.train=" + manifest.string()});
  }

  static std::string complaint(const Recipe& recipe) {
    return error_text<UsageError>([&] { read_labelled_part(recipe, "train"); });
  }

  Scratch folder_;
};

TEST_F(Parts, OfRecordingsOfSpeakersNeedNoSpoofs) {
  const auto trials = read_part(recipe("a.wav,bonafide,Ann\nb.wav,bonafide,Bo\n"), "train");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[1].speaker, "Bo");
}

TEST_F(Parts, OfRecordingsOfSpeakersNeedNoLabels) {
  EXPECT_EQ(read_part(recipe("a.wav,,Ann\n"), "train").size(), 1u);
}

TEST_F(Parts, MustNotBeEmpty) { EXPECT_THROW(read_part(recipe(""), "train"), UsageError); }

TEST_F(Parts, ThatAreLearnedFromHaveBothClasses) {
  EXPECT_NO_THROW(read_labelled_part(recipe("a.wav,bonafide,Ann\nb.wav,spoof,Bo\n"), "train"));
  const std::string one_class = complaint(recipe("a.wav,bonafide,Ann\nb.wav,bonafide,Bo\n"));
  EXPECT_NE(one_class.find("of manifest has 2 bona fide and 0 spoofed"), std::string::npos)
      << one_class;
  EXPECT_EQ(complaint(recipe("a.wav,bonafide,Ann\nb.wav,,Bo\n")), "data.train: b.wav has no label");
}

TEST_F(Parts, MayLieInACorpusOfTheirOwn) {
  const Recipe one = recipe("a.wav,bonafide,Ann\nb.wav,spoof,Bo\n");
  const std::string manifest = (folder_ / "all.csv").string();
  const Recipe other =
      Recipe::load("aasist", {"data.corpus=asvspoof2019-la", "data.root=/nowhere",
                              "data.dev={corpus: manifest, part: " + manifest + "}"});

  EXPECT_EQ(read_labelled_part(other, "dev").size(), 2U);
  EXPECT_THROW(read_labelled_part(other, "train"), UsageError);
}

TEST_F(Parts, MayBePutTogetherOfSeveral) {
  const Recipe one = recipe("a.wav,bonafide,Ann\nb.wav,spoof,Bo\n");
  const std::string manifest = (folder_ / "all.csv").string();
  const auto more = folder_ / "more.csv";
  write_atomically(more, "path,label\nc.wav,spoof\n");
  const Recipe both = Recipe::load(
      "aasist", {"data.corpus=manifest", "data.train=[" + manifest + ", " + more.string() + "]"});

  const auto trials = read_labelled_part(both, "train");

  ASSERT_EQ(trials.size(), 3U);
  EXPECT_EQ(trials[2].id, "c.wav");
}

TEST_F(Parts, RefuseWhatNamesNone) {
  const Recipe unknown = Recipe::load("aasist", {"data.dev={corpse: manifest}"});
  EXPECT_THROW(read_part(unknown, "dev"), UsageError);
  EXPECT_THROW(read_part(Recipe::load("aasist", {"data.dev=[[train]]"}), "dev"), UsageError);
  EXPECT_THROW(read_part(Recipe::load("aasist", {"data.dev=[]"}), "dev"), UsageError);
}

}  // namespace
}  // namespace bonafide
