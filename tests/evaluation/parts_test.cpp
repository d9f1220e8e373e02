#include "evaluation/parts.h"

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
    return error_text<UsageError>([&] { read_part(recipe, "train", PartNeeds::kBothClasses); });
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
  EXPECT_NO_THROW(
      read_part(recipe("a.wav,bonafide,Ann\nb.wav,spoof,Bo\n"), "train", PartNeeds::kBothClasses));
  const std::string one_class = complaint(recipe("a.wav,bonafide,Ann\nb.wav,bonafide,Bo\n"));
  EXPECT_NE(one_class.find("of manifest has 2 bona fide and 0 spoofed"), std::string::npos)
      << one_class;
  EXPECT_EQ(complaint(recipe("a.wav,bonafide,Ann\nb.wav,,Bo\n")), "data.train: b.wav has no label");
}

TEST_F(Parts, OfSpeakersNameTwoOfThemAtLeast) {
  const auto said = [&](const std::string& lines) {
    return error_text<UsageError>([&] { read_part(recipe(lines), "train", PartNeeds::kSpeakers); });
  };
  EXPECT_NO_THROW(read_part(recipe("a.wav,,Ann\nb.wav,,Bo\n"), "train", PartNeeds::kSpeakers));
  EXPECT_EQ(said("a.wav,,Ann\nb.wav,,\n"),
            "data.train: b.wav has no speaker (task.learn: speakers)");
  EXPECT_NE(said("a.wav,,Ann\nb.wav,,Ann\n").find("one speaker, \"Ann\""), std::string::npos);
}

TEST_F(Parts, OfTrialsHaveKeysAndEnrolmentsOfBothKinds) {
  const auto read = [&](const std::string& lines) {
    const auto manifest = folder_ / "trials.csv";
    write_atomically(manifest, "path,label,claimed_speaker,asv_key,enrolments\n" + lines);
    const Recipe trials =
        Recipe::load("aasist", {"data.corpus=manifest", "data.dev=" + manifest.string()});
    return read_part(trials, "dev", PartNeeds::kTrials).size();
  };
  const auto said = [&](const std::string& lines) {
    return error_text<UsageError>([&] { read(lines); });
  };
  EXPECT_EQ(read("a.wav,,Ann,target,e.wav\nb.wav,,Ann,spoof,e.wav;f.wav\n"), 2U);
  EXPECT_NE(said("a.wav,,Ann,target,e.wav\nb.wav,spoof,Ann,,e.wav\n").find("b.wav is no"),
            std::string::npos);
  EXPECT_EQ(said("a.wav,,Ann,target,\n"), "data.dev: a.wav has no enrolments");
  EXPECT_NE(said("a.wav,,Ann,target,e.wav\n").find("1 target trials and 0 others"),
            std::string::npos);
  EXPECT_NE(said("a.wav,spoof,Ann,target,e.wav\n").find("contradicts"), std::string::npos);
}

TEST_F(Parts, MayLieInACorpusOfTheirOwn) {
  const Recipe one = recipe("a.wav,bonafide,Ann\nb.wav,spoof,Bo\n");
  const std::string manifest = (folder_ / "all.csv").string();
  const Recipe other =
      Recipe::load("aasist", {"data.corpus=asvspoof2019-la", "data.root=/nowhere",
                              "data.dev={corpus: manifest, part: " + manifest + "}"});

  EXPECT_EQ(read_part(other, "dev", PartNeeds::kBothClasses).size(), 2U);
  EXPECT_THROW(read_part(other, "train", PartNeeds::kBothClasses), UsageError);
}

TEST_F(Parts, MayBePutTogetherOfSeveral) {
  const Recipe one = recipe("a.wav,bonafide,Ann\nb.wav,spoof,Bo\n");
  const std::string manifest = (folder_ / "all.csv").string();
  const auto more = folder_ / "more.csv";
  write_atomically(more, "path,label\nc.wav,spoof\n");
  const Recipe both = Recipe::load(
      "aasist", {"data.corpus=manifest", "data.train=[" + manifest + ", " + more.string() + "]"});

  const auto trials = read_part(both, "train", PartNeeds::kBothClasses);

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
