#include "corpus/tree.h"

namespace bonafide {
namespace {

using Verification = Tree;
using Paths = std::vector<std::filesystem::path>;

TEST_F(Verification, OfSasvHasTheEnrolmentsOfTheClaimedSpeaker) {
  const std::string stem = "ASVspoof2019_LA_asv_protocols/ASVspoof2019.LA.asv.eval.";
  write(stem + "gi.trl.txt",
        "LA_1 LA_E_1 bonafide target\nLA_2 LA_E_1 bonafide nontarget\nLA_1 LA_E_2 A07 spoof\n");
  write(stem + "female.trn.txt", "LA_1 LA_E_A1,LA_E_A2\n");
  write(stem + "male.trn.txt", "LA_2 LA_E_A3\n");

  const auto trials = read("asvspoof2019-la-sasv", "eval");

  ASSERT_EQ(trials.size(), 3u);
  EXPECT_EQ(trials[0].id, "LA_E_1");
  EXPECT_EQ(trials[0].claimed_speaker, "LA_1");
  EXPECT_EQ(trials[0].truth, Truth::kTarget);
  EXPECT_EQ(*trials[0].enrolments, (Paths{path("ASVspoof2019_LA_eval/flac/LA_E_A1.flac"),
                                          path("ASVspoof2019_LA_eval/flac/LA_E_A2.flac")}));
  EXPECT_EQ(trials[0].enrolments, trials[2].enrolments);  // shared
  EXPECT_EQ(trials[1].truth, Truth::kNontarget);
  EXPECT_EQ(trials[2].truth, Truth::kSpoof);
  EXPECT_EQ(trials[2].attack, "A07");
}

TEST_F(Verification, OfAsvspoof5ReadsItsEnrolmentList) {
  write("ASVspoof5.dev.track_2.trial.tsv", "D_1 D_01 F bonafide target\nD_1 D_02 F A09 spoof\n");
  write("ASVspoof5.dev.track_2.enroll.tsv", "D_1 D_11,D_12,D_13\n");

  const auto trials = read("asvspoof5-track2", "dev");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].enrolments->size(), 3u);
  EXPECT_EQ(trials[0].enrolments->front(), path("flac_D/D_11.flac"));
  EXPECT_EQ(trials[0].speaker, "");  // the list tells who is claimed, not who speaks
  EXPECT_EQ(trials[1].gender, "F");
  EXPECT_EQ(trials[1].truth, Truth::kSpoof);
}

TEST_F(Verification, NamesFileAndLineOfWhatIsBroken) {
  write("ASVspoof5.dev.track_2.trial.tsv", "D_1 D_01 F bonafide target\nD_9 D_02 F A09 spoof\n");
  write("ASVspoof5.dev.track_2.enroll.tsv", "D_1 D_11,D_12\n");
  EXPECT_EQ(short_complaint("asvspoof5-track2", "dev"),
            "ASVspoof5.dev.track_2.trial.tsv: line 2: speaker \"D_9\" has no enrolment");

  write("ASVspoof5.dev.track_2.trial.tsv", "D_1 D_01 F bonafide target\nD_1 D_01 F - target\n");
  EXPECT_EQ(short_complaint("asvspoof5-track2", "dev"),
            "ASVspoof5.dev.track_2.trial.tsv: line 2: \"D_01 as D_1\" again (line 1 has it)");

  write("ASVspoof5.dev.track_2.trial.tsv", "D_1 D_01 F bonafide bonafide\n");
  EXPECT_EQ(short_complaint("asvspoof5-track2", "dev"),
            "ASVspoof5.dev.track_2.trial.tsv: line 1: \"bonafide\" is not a key of a verification "
            "trial (target, nontarget or spoof)");

  write("ASVspoof5.dev.track_2.enroll.tsv", "D_1 D_11\nD_2 a,,b\n");
  EXPECT_EQ(short_complaint("asvspoof5-track2", "dev"),
            "ASVspoof5.dev.track_2.enroll.tsv: line 2: an enrolment without a name");
}

TEST_F(Verification, OfVoxCelebPairsTwoRecordings) {
  write("veri_test.txt", "1 id10270/a/1.wav id10270/b/1.wav\n0 id10270/a/1.wav id10300/c/1.wav\n");
  touch({"wav/id10270/a/1.wav"});

  const auto trials = read("voxceleb1", "o");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, path("wav/id10270/b/1.wav"));
  EXPECT_EQ(*trials[0].enrolments, Paths{path("wav/id10270/a/1.wav")});
  EXPECT_EQ(trials[0].truth, Truth::kTarget);
  EXPECT_EQ(trials[1].claimed_speaker, "id10270");
  EXPECT_EQ(trials[1].speaker, "id10300");
  EXPECT_EQ(trials[1].truth, Truth::kNontarget);
}

TEST_F(Verification, OfVoxCelebTakesAnyListAndRefusesWhatLeadsOut) {
  write("my.txt", "1 a/1.wav b/1.wav\n");
  EXPECT_EQ(read("voxceleb1", "my.txt").size(), 1u);

  write("my.txt", "1 a/1.wav ../../etc/b.wav\n");
  EXPECT_EQ(short_complaint("voxceleb1", "my.txt"),
            "my.txt: line 1: \"../../etc/b.wav\" leads out of the corpus");
  write("my.txt", "a b c\n");
  EXPECT_EQ(short_complaint("voxceleb1", "my.txt"),
            "my.txt: line 1: not a trial (0 or 1, enrolment, test)");
}

TEST_F(Verification, VoxCeleb2ListsSpeakersInEitherOrderAndKnowsTheReleasesM4a) {
  write("train_list.txt", "id00012 id00012/v/1.wav\nid00013/v/2.wav id00013\n");
  touch({"dev/aac/id00012/v/1.m4a"});

  const auto trials = read("voxceleb2", "train");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].speaker, "id00012");
  EXPECT_EQ(trials[0].path, path("dev/aac/id00012/v/1.m4a"));
  EXPECT_EQ(trials[1].speaker, "id00013");
  EXPECT_EQ(trials[1].id, "id00013/v/2.wav");
}

TEST_F(Verification, PairsHaveAReferenceFromAListOrAManifest) {
  write("pairs.txt", "a.wav s/ref.wav spoof\nb.wav s/ref.wav bonafide\n");
  const auto trials = read("pairs", "pairs.txt");
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, path("a.wav"));
  EXPECT_EQ(trials[0].reference, path("s/ref.wav"));
  EXPECT_EQ(trials[0].truth, Truth::kSpoof);

  write("pairs.csv", "path,reference,label\na b.wav,r 1.wav,spoof\na b.wav,r 2.wav,spoof\n");
  const auto table = read("pairs", "pairs.csv");
  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(table[1].reference, path("r 2.wav"));

  write("pairs.csv", "path,reference,label\na.wav,,spoof\n");
  EXPECT_EQ(short_complaint("pairs", "pairs.csv"), "pairs.csv: a.wav: no reference");
}

TEST_F(Verification, MorphsAreTriedAgainstBothSpeakersWhenAsked) {
  write("protocol.txt",
        "FILE SPEAKER_ID1 SPEAKER_ID2 LABEL\n01_02/1.wav 1 2 morph\n01/1.wav 1 - bonafide\n");

  const auto recordings = read("morphing");
  ASSERT_EQ(recordings.size(), 2u);
  EXPECT_EQ(recordings[0].path, path("01_02/1.wav"));
  EXPECT_EQ(recordings[0].truth, Truth::kSpoof);
  EXPECT_EQ(recordings[0].attack, "morph");
  EXPECT_EQ(condition(recordings[0], "second-speaker"), "2");

  const auto claims = read("morphing", "claims");
  ASSERT_EQ(claims.size(), 3u);
  EXPECT_EQ(claims[0].claimed_speaker, "1");
  EXPECT_EQ(claims[1].claimed_speaker, "2");
  EXPECT_EQ(claims[2].claimed_speaker, "1");

  write("protocol.txt", "FILE LABEL\nx morph\n");
  EXPECT_EQ(short_complaint("morphing"),
            "protocol.txt: line 1: the header needs the columns FILE LABEL SPEAKER_ID1 "
            "SPEAKER_ID2");
  write("protocol.txt", "FILE SPEAKER_ID1 SPEAKER_ID2 LABEL\n\na 1 2 good\n");
  EXPECT_EQ(short_complaint("morphing"),
            "protocol.txt: line 3: \"good\" is not a label (bonafide or spoof)");
}

}  // namespace
}  // namespace bonafide
