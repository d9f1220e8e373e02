#include "corpus/tree.h"

namespace bonafide {
namespace {

using ListSets = Tree;

TEST_F(ListSets, InTheWildIsReadByItsTableWithNamesThatHaveBlanks) {
  write("meta.csv", "file,speaker,label\n0.wav,Alec Guinness,spoof\n4.wav,\"X, Y\",bona-fide\n");

  const auto trials = read("in-the-wild");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].id, "0.wav");
  EXPECT_EQ(trials[0].path.lexically_normal(), path("0.wav"));
  EXPECT_EQ(trials[0].speaker, "Alec Guinness");
  EXPECT_EQ(trials[1].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[1].speaker, "X, Y");
}

TEST_F(ListSets, InTheWildMayHaveItsRecordingsInTheReleasesFolder) {
  write("meta.csv", "file,speaker,label\n0.wav,A,spoof\n");
  touch({"release_in_the_wild/0.wav"});
  EXPECT_EQ(read("in-the-wild").at(0).path, path("release_in_the_wild/0.wav"));

  write("meta.csv", "file,speaker,label\n../../0.wav,A,spoof\n");
  EXPECT_NE(complaint("in-the-wild").find("leads out of the corpus"), std::string::npos);
}

TEST_F(ListSets, CodecfakeTellsTheTypeAndMayHaveBlanksInNames) {
  write("label/C3.txt", "a b.wav fake 3\nc.wav real 0\n");

  const auto trials = read("codecfake", "C3");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].id, "a b.wav");
  EXPECT_EQ(trials[0].path, path("test/C3/a b.wav"));
  EXPECT_EQ(trials[0].attack, "3");
  EXPECT_EQ(trials[1].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[1].attack, "");
  EXPECT_NE(complaint("codecfake", "C9").find("no part \"C9\""), std::string::npos);
  write("label/train.txt", "x.wav real\n");
  EXPECT_EQ(short_complaint("codecfake", "train"),
            "label/train.txt: line 1: 2 columns; a line has 3 (id label attack)");
}

TEST_F(ListSets, AddSaysGenuineAndFake) {
  write("train/label.txt", "ADD_T_1.wav genuine\nADD_T_2.wav fake\n");
  write("track3_R1_label.txt", "ADD_E3_1.wav fake\n");
  write("test/label.txt", "ADD2023_T1.2R1_E_1.wav genuine\n");
  touch({"test/wav/ADD2023_T1.2R1_E_1.wav"});

  const auto train = read("add2022", "train");
  ASSERT_EQ(train.size(), 2u);
  EXPECT_EQ(train[0].truth, Truth::kBonaFide);
  EXPECT_EQ(train[1].path.lexically_normal(), path("train/ADD_T_2.wav"));
  EXPECT_EQ(read("add2022", "track3test").at(0).path, path("track3test/ADD_E3_1.wav"));
  EXPECT_EQ(read("add2023", "test").at(0).path, path("test/wav/ADD2023_T1.2R1_E_1.wav"));
}

TEST_F(ListSets, PartialSpoofHasTheColumnsOf2019) {
  write("protocols/PartialSpoof_LA_cm_protocols/PartialSpoof.LA.cm.dev.trl.txt",
        "LA_0079 CON_D_1 - CON spoof\nLA_0079 LA_D_1 - - bonafide\n");

  const auto trials = read("partialspoof", "dev");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, path("dev/con_wav/CON_D_1.wav"));
  EXPECT_EQ(trials[0].attack, "CON");
}

TEST_F(ListSets, HablaTakesAListWhenItIsNamed) {
  write("protocol.txt", "s1 a - TTS1 spoof\ns2 b.wav - - bonafide\n");
  const auto trials = read("habla", "protocol.txt");
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, path("FinalDataset_16khz/a.wav"));
  EXPECT_EQ(trials[1].path, path("FinalDataset_16khz/b.wav"));
}

TEST_F(ListSets, SpoofCelebCallsBonaFideA00) {
  write("metadata/evaluation.csv",
        "file,speaker,attack\na00/id1/x.flac,id1,a00\na12/id1/x.flac,id1,a12\n");

  const auto trials = read("spoofceleb", "evaluation");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[0].attack, "");
  EXPECT_EQ(trials[1].attack, "a12");
  EXPECT_EQ(trials[1].path, path("flac/evaluation/a12/id1/x.flac"));
  write("metadata/train.csv", "file,speaker,attack\nx.flac,id1\n");
  EXPECT_EQ(short_complaint("spoofceleb", "train"),
            "metadata/train.csv: line 2: 2 fields; at least 3 are needed (path, ..., attack)");
}

TEST_F(ListSets, CmListsNamePathsAndTheFolderThatWasRenamed) {
  write("list.txt",
        "LA_1 ASVspoof2019_LA_train/wav/LA_T_1 - A01 spoof\nid1 vocoded/x.wav - world spoof\n");

  const auto trials = read("cm-list", "list.txt");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, path("ASVspoof2019_LA_train/flac/LA_T_1.flac"));
  EXPECT_EQ(trials[1].path, path("vocoded/x.wav"));
  EXPECT_EQ(trials[1].attack, "world");
}

TEST_F(ListSets, CmListsMayNameRecordingsWithDotsAndBeginWithAByteOrderMark) {
  write("list.txt", "\xEF\xBB\xBFs1 bonafide/take.1 - - bonafide\n");

  const auto trials = read("cm-list", "list.txt");

  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(trials[0].path, path("bonafide/take.1.flac"));
  EXPECT_EQ(trials[0].speaker, "s1");
}

}  // namespace
}  // namespace bonafide
