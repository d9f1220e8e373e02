#include "corpus/tree.h"

namespace bonafide {
namespace {

using Asvspoof = Tree;

TEST_F(Asvspoof, Of2015FindsRecordingsInTheFoldersOfTheirSpeakers) {
  write("CM_protocol/cm_evaluation.ndx", "E1 E1_1 human human\r\nE2 E2_7 S10 spoof\r\n");

  const auto trials = read("asvspoof2015", "eval");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, path("wav/eval/E1/E1_1.wav"));
  EXPECT_EQ(trials[0].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[0].attack, "");
  EXPECT_EQ(trials[1].attack, "S10");
  EXPECT_EQ(trials[1].speaker, "E2");
  EXPECT_EQ(trials[1].partition, "eval");
}

TEST_F(Asvspoof, Of2015TakesListsWithAnExtension) {
  write("CM_protocol/cm_develop.ndx.txt", "D1 D1_1 human human\n");

  EXPECT_EQ(read("asvspoof2015", "dev").size(), 1u);
}

TEST_F(Asvspoof, Of2017NamesTheConditionsOfTheReplay) {
  write("protocol_V2/ASVspoof2017_V2_train.trn.txt",
        "T_1.wav genuine M0001 S08 - - -\nT_2.wav spoof M0002 S01 E02 P05 R04\n");

  const auto trials = read("asvspoof2017", "train");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, path("ASVspoof2017_V2_train/T_1.wav"));
  EXPECT_EQ(trials[0].truth, Truth::kBonaFide);
  EXPECT_EQ(condition(trials[0], "phrase"), "S08");
  EXPECT_EQ(condition(trials[0], "playback"), "");
  EXPECT_EQ(condition(trials[1], "environment"), "E02");
  EXPECT_EQ(condition(trials[1], "recording"), "R04");
}

TEST_F(Asvspoof, Of2019PhysicalAccessTellsEnvironmentAndAttack) {
  write("ASVspoof2019_PA_cm_protocols/ASVspoof2019.PA.cm.dev.trl.txt",
        "PA_1 PA_D_1 aaa - bonafide\nPA_1 PA_D_2 bca AB spoof\n");

  const auto trials = read("asvspoof2019-pa", "dev");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[1].path, path("ASVspoof2019_PA_dev/flac/PA_D_2.flac"));
  EXPECT_EQ(condition(trials[1], "environment"), "bca");
  EXPECT_EQ(trials[1].attack, "AB");
}

constexpr std::string_view kLaKey =
    "LA_0009 LA_E_1 alaw ita_tx A07 spoof notrim eval\n"
    "LA_0009 LA_E_2 none loc_tx bonafide bonafide notrim progress\n"
    "LA_0011 LA_E_3 gsm mad_tx bonafide bonafide trim hidden\n";

TEST_F(Asvspoof, Of2021LogicalAccessIsDividedBySubset) {
  write("keys/LA/CM/trial_metadata.txt", kLaKey);

  const auto eval = read("asvspoof2021-la", "eval");
  ASSERT_EQ(eval.size(), 1u);
  EXPECT_EQ(eval[0].codec, "alaw");
  EXPECT_EQ(condition(eval[0], "transmission"), "ita_tx");
  EXPECT_EQ(eval[0].attack, "A07");
  EXPECT_EQ(eval[0].path, path("ASVspoof2021_LA_eval/flac/LA_E_1.flac"));
  EXPECT_EQ(read("asvspoof2021-la", "progress").at(0).attack, "");
  EXPECT_EQ(read("asvspoof2021-la", "hidden").at(0).id, "LA_E_3");
  EXPECT_NE(complaint("asvspoof2021-la", "train").find("no part \"train\""), std::string::npos);
}

TEST_F(Asvspoof, Of2021IsReadWhereOthersKeepItToo) {
  write("trial_metadata.txt", kLaKey);
  touch({"flac/LA_E_1.flac"});

  EXPECT_EQ(read("asvspoof2021-la", "eval").at(0).path, path("flac/LA_E_1.flac"));
}

TEST_F(Asvspoof, Of2021DeepfakeTellsCodecSourceVocoderAndLanguage) {
  write("keys/DF/CM/trial_metadata.txt",
        "LA_0023 DF_E_1 nocodec asvspoof A14 spoof notrim progress traditional_vocoder - - - -\n"
        "VCC_1 DF_E_2 mp3m4a vcc2020 Task1-team20 spoof notrim eval "
        "neural_vocoder_autoregressive Task1 team20 FF E\n");

  const auto eval = read("asvspoof2021-df", "eval");

  ASSERT_EQ(eval.size(), 1u);
  EXPECT_EQ(eval[0].codec, "mp3m4a");
  EXPECT_EQ(eval[0].source, "vcc2020");
  EXPECT_EQ(eval[0].language, "E");
  EXPECT_EQ(eval[0].gender, "FF");
  EXPECT_EQ(condition(eval[0], "vocoder"), "neural_vocoder_autoregressive");
  EXPECT_EQ(condition(eval[0], "team"), "team20");
  EXPECT_EQ(read("asvspoof2021-df", "progress").at(0).language, "");
}

TEST_F(Asvspoof, Of2021PhysicalAccessHasTwoHiddenParts) {
  write("keys/PA/CM/trial_metadata.txt",
        "PA_1 PA_E_1 R3 M3 d4 r1 m1 s4 c4 spoof notrim eval\n"
        "PA_1 PA_E_2 R1 M1 D4 - - - - bonafide notrim hidden\n"
        "PA_1 PA_E_3 R1 M1 D4 - - - - bonafide trim hidden\n");

  EXPECT_EQ(condition(read("asvspoof2021-pa", "eval").at(0), "replay-device"), "s4");
  EXPECT_EQ(read("asvspoof2021-pa", "hidden1").at(0).id, "PA_E_2");
  const auto real = read("asvspoof2021-pa", "hidden2");
  ASSERT_EQ(real.size(), 1u);
  EXPECT_EQ(real[0].id, "PA_E_3");
  EXPECT_EQ(real[0].partition, "hidden2");
}

TEST_F(Asvspoof, Of5HasTenColumnsAndHadSix) {
  write("ASVspoof5.eval.track_1.tsv",
        "E_1 E_01 M C05 3 E_02 - bonafide bonafide -\nE_2 E_03 F - - - AC3 A25 spoof -\n");
  write("ASVspoof5.train.metadata.txt", "T_1 T_01 F - A05 spoof\n");

  const auto eval = read("asvspoof5", "eval");
  ASSERT_EQ(eval.size(), 2u);
  EXPECT_EQ(eval[0].path, path("flac_E_eval/E_01.flac"));
  EXPECT_EQ(eval[0].codec, "C05");
  EXPECT_EQ(condition(eval[0], "codec-quality"), "3");
  EXPECT_EQ(eval[0].attack, "");
  EXPECT_EQ(eval[1].gender, "F");
  EXPECT_EQ(eval[1].attack, "A25");
  EXPECT_EQ(condition(eval[1], "tag"), "AC3");
  EXPECT_EQ(read("asvspoof5", "train").at(0).path, path("flac_T/T_01.flac"));
}

TEST_F(Asvspoof, OfEveryYearNamesFileAndLineOfWhatIsBroken) {
  write("ASVspoof5.dev.track_1.tsv", "D_1 D_01 F - - - AC3 A11 spoof -\n\nD_1 D_02 F\n");
  write("keys/LA/CM/trial_metadata.txt", "s u alaw ita_tx A07 perhaps notrim eval\n");
  write("CM_protocol/cm_train.trn", "../x T1 human human\n");

  EXPECT_EQ(short_complaint("asvspoof5", "dev"),
            "ASVspoof5.dev.track_1.tsv: line 3: 3 columns; a line has 10 (speaker id gender codec "
            "codec-quality - tag attack label -) or 6 (speaker id gender - attack label)");
  EXPECT_EQ(short_complaint("asvspoof2021-la", "eval"),
            "keys/LA/CM/trial_metadata.txt: line 1: \"perhaps\" is not a label (bonafide or "
            "spoof)");
  EXPECT_EQ(short_complaint("asvspoof2015", "train"),
            "CM_protocol/cm_train.trn: line 1: \"../x\" is not an utterance");
  EXPECT_NE(short_complaint("asvspoof2017", "dev").find("No such file"), std::string::npos);
}

}  // namespace
}  // namespace bonafide
