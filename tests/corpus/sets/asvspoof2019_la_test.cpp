#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

std::vector<Trial> read_asvspoof2019_la(const CorpusRequest& request) {
  return find_corpus("asvspoof2019-la").read(request);
}

class Asvspoof2019La : public testing::Test {
 protected:
  Asvspoof2019La() { std::filesystem::create_directory(protocols_); }

  void write(const std::string& name, std::string_view text) {
    write_atomically(protocols_ / ("ASVspoof2019.LA.cm." + name + ".txt"), text);
  }

  std::string complaint_about(std::string_view text) {
    write("dev.trl", text);
    return error_text<UsageError>([&] { read_asvspoof2019_la({scratch_.path(), "dev"}); });
  }

  Scratch scratch_;
  std::filesystem::path protocols_ = scratch_ / "ASVspoof2019_LA_cm_protocols";
};

TEST_F(Asvspoof2019La, ReadsTheProtocolOfAPart) {
  write("eval.trl", "LA_0001 LA_E_1 - - bonafide\nLA_0002 LA_E_2 - A11 spoof\n");

  const auto trials = read_asvspoof2019_la({scratch_.path(), "eval"});

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].id, "LA_E_1");
  EXPECT_EQ(trials[0].path, scratch_ / "ASVspoof2019_LA_eval/flac/LA_E_1.flac");
  EXPECT_EQ(trials[0].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[0].attack, "");
  EXPECT_EQ(trials[1].speaker, "LA_0002");
  EXPECT_EQ(trials[1].attack, "A11");
  EXPECT_EQ(trials[1].truth, Truth::kSpoof);
  EXPECT_EQ(trials[1].partition, "eval");
}

TEST_F(Asvspoof2019La, SaysByWhatAnAttackWasMade) {
  write("eval.trl",
        "s u1 - - bonafide\ns u2 - A10 spoof\ns u3 - A17 spoof\ns u4 - A15 spoof\n"
        "s u5 - A16 spoof\ns u6 - A06 spoof\n");

  std::vector<std::string> types;
  for (const Trial& trial : read_asvspoof2019_la({scratch_.path(), "eval"})) {
    types.emplace_back(condition(trial, "attack-type"));
  }

  EXPECT_EQ(types, (std::vector<std::string>{"", "TTS", "VC", "TTS-VC", "TTS", "VC"}));
}

TEST_F(Asvspoof2019La, ToleratesWindowsLineEndsAndBlanks) {
  write("dev.trl", "s u1 - - bonafide \r\n\r\n  s\tu2 - A01 spoof\r\n\n");

  EXPECT_EQ(read_asvspoof2019_la({scratch_.path(), "dev"}).size(), 2u);
}

TEST_F(Asvspoof2019La, PrefersTheOfficialNameOfTheTrainingList) {
  write("train.trl", "s other - - bonafide\n");
  EXPECT_EQ(read_asvspoof2019_la({scratch_.path(), "train"}).at(0).id, "other");

  write("train.trn", "s official - - bonafide\n");
  EXPECT_EQ(read_asvspoof2019_la({scratch_.path(), "train"}).at(0).id, "official");
}

TEST_F(Asvspoof2019La, NamesTheBrokenLine) {
  EXPECT_NE(
      complaint_about("s u1 - - bonafide\ns u2 - spoof\n").find("dev.trl.txt: line 2: 4 columns"),
      std::string::npos);
  EXPECT_NE(complaint_about("s u1 - - good\n").find("line 1: \"good\" is not a label"),
            std::string::npos);
  EXPECT_NE(complaint_about("s u - - spoof\ns u - - spoof\n").find("line 2: \"u\" again"),
            std::string::npos);
  EXPECT_NE(complaint_about("s ../../x - - spoof\n").find("is not an utterance"),
            std::string::npos);
}

TEST_F(Asvspoof2019La, RefusesAMissingFolderAndAnUnknownPart) {
  EXPECT_THROW(read_asvspoof2019_la({scratch_ / "nowhere", "dev"}), UsageError);
  EXPECT_THROW(read_asvspoof2019_la({scratch_.path(), "test"}), UsageError);
}

}  // namespace
}  // namespace bonafide
