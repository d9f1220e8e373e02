#include "trials/trial_table.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

std::string message_of(std::string_view text, const TableOptions& options = {}) {
  return error_text<UsageError>([&] { TrialTable::parse(text, "file", options); });
}

struct Dialect {
  const char* layout;
  const char* text;
  const char* first_id;
  Truth first_class;
};

void PrintTo(const Dialect& dialect, std::ostream* out) { *out << dialect.layout; }

class KnownDialect : public testing::TestWithParam<Dialect> {};

TEST_P(KnownDialect, IsRecognised) {
  const auto& [layout, text, first_id, first_class] = GetParam();

  const auto table = TrialTable::parse(text, "file");

  EXPECT_EQ(table.layout().name, layout);
  if (*first_id != '\0') {
    ASSERT_FALSE(table.ids().empty());
    EXPECT_EQ(table.ids()[0].utterance, first_id);
  }
  EXPECT_EQ(table.classes().empty() ? Truth::kUnknown : table.classes()[0], first_class);
}

constexpr auto kNone = Truth::kUnknown;
constexpr auto kBonaFide = Truth::kBonaFide;
constexpr auto kSpoof = Truth::kSpoof;
constexpr auto kTarget = Truth::kTarget;
constexpr auto kNontarget = Truth::kNontarget;

INSTANTIATE_TEST_SUITE_P(
    Scores, KnownDialect,
    testing::Values(
        Dialect{"header", "file,score,llr\na.wav,1.5,\n", "a.wav", kNone},
        Dialect{"header", "path,label,system,score\nx.flac,spoof,A,1\n", "x.flac", kSpoof},
        Dialect{"header", "filename\tcm-score\nE_1\t0.5\n", "E_1", kNone},
        Dialect{"header", "spk\tfilename\tcm-score\tasv-score\tsasv-score\nS\tE_1\t-\t-\t1\n",
                "E_1", kNone},
        Dialect{"header", "ID,Score,Label\nu,\"[0.5, 2.0]\",1\n", "u", kBonaFide},
        Dialect{"asvspoof2021", "LA_E_1 -0.5\nLA_E_2 1e-3\n", "LA_E_1", kNone},
        Dialect{"asvspoof2019", "LA_E_1 - bonafide 1.5\nLA_E_2 A07 spoof 0\n", "LA_E_1", kBonaFide},
        Dialect{"asvspoof2019-asv", "- target 1.5\nA07 spoof 2\n", "", kTarget},
        Dialect{"asvspoof2021-asv", "LA_1-alaw LA_E_5-alaw 3.5\n", "LA_E_5-alaw", kNone},
        Dialect{"same", "LA_E_1 spoof -0.123456\n", "LA_E_1", kSpoof},
        Dialect{"asvspoof5-aasist", "T_1 E_1 0.5 bonafide\n", "E_1", kBonaFide},
        Dialect{"a-dcf", "S1 E_1 0.5 nontarget\n", "E_1", kNontarget},
        Dialect{"sasv2022", "LA_1 LA_E_1 bonafide target 0.5\n", "LA_E_1", kTarget},
        Dialect{"rat", "LA_E_1,0.25,1\nLA_E_2,0.75,0\n", "LA_E_1", kSpoof}));

INSTANTIATE_TEST_SUITE_P(
    Keys, KnownDialect,
    testing::Values(
        Dialect{"asvspoof2019-protocol", "LA_1 LA_E_1 - A11 spoof\n", "LA_E_1", kSpoof},
        Dialect{"asvspoof2015-protocol", "T1 T1_1 human human\n", "T1_1", kBonaFide},
        Dialect{"sasv2022-protocol", "LA_1 LA_E_1 A11 spoof\nLA_1 LA_E_2 bonafide target\n",
                "LA_E_1", kSpoof},
        Dialect{"asvspoof2017-protocol", "T_1.wav genuine M1 S08 - - -\n", "T_1.wav", kBonaFide},
        Dialect{"asvspoof2021-la", "LA_9 LA_E_9 alaw ita_tx A07 spoof notrim eval\n", "LA_E_9",
                kSpoof},
        Dialect{"asvspoof2021-la-asv",
                "LA_7-a LA_E_5-a alaw ita_tx bonafide nontarget notrim eval\n", "LA_E_5-a",
                kNontarget},
        Dialect{"asvspoof2021-df",
                "LA_2 DF_E_2 nocodec asvspoof A14 spoof notrim progress traditional - - - -\n",
                "DF_E_2", kSpoof},
        Dialect{"asvspoof2021-pa", "PA_1 PA_E_1 R3 M3 d4 r1 m1 s4 c4 spoof notrim eval\n", "PA_E_1",
                kSpoof},
        Dialect{"asvspoof5-track1", "T_4 T_0 F - - - AC3 A05 spoof -\n", "T_0", kSpoof},
        Dialect{"asvspoof5-track2", "S_1 E_1 F bonafide target\n", "E_1", kTarget},
        Dialect{"header", "file,speaker,label\n0.wav,\"Guinness, Alec\",bona-fide\n", "0.wav",
                kBonaFide},
        Dialect{"header",
                "tar_spk_anon trial_anon cm-label asv-label attack_anon codec track_2_tag\n"
                "E_1 E_0 bonafide target bonafide - -\n",
                "E_0", kTarget}));

// The forms of speaker verification's toolkits, each as its own documents and programs have it:
// - Kaldi: the usage text of src/ivectorbin/ivector-plda-scoring.cc says that the scores have the
//   form "<key1> <key2> [<dot-product>]", the keys being a speaker and an utterance;
//   egs/voxceleb/v1/local/prepare_for_eer.py reads "speaker utterance target" as trials.
// - WeSpeaker: docs/vox.md gives the trials three columns between blanks, enroll_wav_id,
//   test_wav_id and label (target, nontarget); wespeaker/bin/score.py writes the pair, the score
//   and, where the trials have one, the label; wespeaker/bin/score_norm.py adds two magnitudes and
//   two means of the cohort.
// - SpeechBrain: recipes/VoxCeleb/SpeakerRec/speaker_verification_cosine.py reads a list with the
//   label before the pair, and writes to scores.txt the pair without extensions, the label as a
//   whole number, and the score with six decimals.
// - voxceleb_trainer: its test list (README.md: VoxCeleb's veri_test.txt) is the same, 1 for the
//   same speaker; trainSpeakerNet.py --eval, until the commit 7182ea0, saved the score with four
//   decimals before the pair.
INSTANTIATE_TEST_SUITE_P(
    SpeakerVerification, KnownDialect,
    testing::Values(
        Dialect{"kaldi-trials", "ann bob_u1 nontarget\nann ann_u1 target\n", "bob_u1", kNontarget},
        Dialect{"asvspoof2021-asv", "ann ann_u1 21.01\nann bob_u1 -12.6\n", "ann_u1", kNone},
        Dialect{"asvspoof2021-asv", "1034 2055 3.5\n1 2056 -12\n", "2055", kNone},
        Dialect{"kaldi-trials", "id1/Y/1.wav id1/1/2.wav target\n", "id1/1/2.wav", kTarget},
        Dialect{"a-dcf", "id1/Y/1.wav id2/1/2.wav 0.12345 nontarget\n", "id2/1/2.wav", kNontarget},
        Dialect{"wespeaker-norm", "id1/Y/1.wav id1/1/2.wav 4.12345 target 9.5 8.1 0.1 0.2\n",
                "id1/1/2.wav", kTarget},
        Dialect{"speechbrain", "id1/Y/1 id2/1/2 0 0.123456\n", "id2/1/2", kNontarget},
        Dialect{"voxceleb-pairs", "1 id1/Y/1.wav id1/1/2.wav\n", "id1/1/2.wav", kTarget},
        Dialect{"voxceleb-trainer", "-0.9512 id1/Y/1.wav id1/1/2.wav\n", "id1/1/2.wav", kNone}));

TEST(TrialTable, KnowsTheFirstOfAPairAsTheClaim) {
  EXPECT_EQ(TrialTable::parse("0 a.wav b.wav\n", "file").ids()[0].claim, "a.wav");
  EXPECT_EQ(TrialTable::parse("0.5000 a.wav b.wav\n", "file").ids()[0].claim, "a.wav");
}

TEST(TrialTable, TakesNumbersForWhatItsUseNeeds) {
  constexpr std::string_view kNumbers = "1 10 20\n0 11 21\n";

  const auto scores = TrialTable::parse(kNumbers, "file", {.use = TableUse::kScores});
  const auto key = TrialTable::parse(kNumbers, "file", {.use = TableUse::kKey});

  EXPECT_EQ(scores.cm_scores(), (std::vector{20.0, 21.0}));
  EXPECT_EQ(scores.ids()[1].claim, "0");
  EXPECT_EQ(key.classes(), (std::vector{kTarget, kNontarget}));
  EXPECT_EQ(key.ids()[1].claim, "11");
}

TEST(TrialTable, NamesBothReadingsOfNumbersThatMayMeanEither) {
  const std::string message = message_of("0.5 1.5 2.5\n0.7 1.5 2.6\n", {.use = TableUse::kScores});

  EXPECT_EQ(message,
            "file: its columns may be \"claim id score\" or \"score claim id\"; one of these as "
            "header line would say which");
  EXPECT_EQ(TrialTable::parse("score claim id\n0.5 1.5 2.5\n", "file").cm_scores()[0], 0.5);
  EXPECT_EQ(TrialTable::parse("claim id score\n0.5 1.5 2.5\n", "file").cm_scores()[0], 2.5);
}

TEST(TrialTable, DecidesByTheFirstRowThatLeavesOneReading) {
  EXPECT_EQ(TrialTable::parse("0.5 1.5 2.5\n0.7 1.5 u2\n", "file").layout().name,
            "voxceleb-trainer");
  EXPECT_EQ(TrialTable::parse("0.5 1.5 2.5\nann 1.5 2.5\n", "file").layout().name,
            "asvspoof2021-asv");
}

TEST(TrialTable, TakesAColumnOfLabelsForLabelsAndNotForNames) {
  EXPECT_EQ(TrialTable::parse("1 spoof 0.5\n0 bonafide 1.5\n", "file").layout().name, "same");
}

TEST(TrialTable, NamesTheLineWhoseNumberIsNoTarget) {
  EXPECT_EQ(message_of("1 a b\n2 a c\n"),
            "file: line 2: label \"2\", expected 1 (target) or 0 (nontarget)");
}

TEST(TrialTable, ReadsTargetNumbersBelowAHeader) {
  EXPECT_EQ(TrialTable::parse("claim,id,target01\n1,2,0\n", "file").classes()[0], kNontarget);
}

TEST(TrialTable, ParsesScoresCorrectlyRounded) {
  const auto table = TrialTable::parse("u 0.1234567890123456789\n", "file");

  EXPECT_EQ(table.cm_scores()[0], 0.1234567890123456789);
}

TEST(TrialTable, KeepsTheFactorsThatAreWanted) {
  const auto table =
      TrialTable::parse("s1 u1 - A07 spoof\ns2 u2 - - bonafide\n", "file", {.factors = {"attack"}});

  ASSERT_EQ(table.factors().size(), 1u);
  EXPECT_EQ(table.find_factor("attack")->value(0), "A07");
}

TEST(TrialTable, TakesTheDifferenceOfAPairOfLogits) {
  const auto table = TrialTable::parse("ID,Score,Label\nu,\"[-40.0, 60.0]\",1\n", "file");

  EXPECT_EQ(table.cm_scores()[0], 100);
}

TEST(TrialTable, SaturatesPairsLikeTheOfficialToolWhenAsked) {
  const auto table =
      TrialTable::parse("ID,Score,Label\nu,\"[-40.0, 60.0]\",1\n", "file", {.official = true});

  EXPECT_EQ(table.cm_scores()[0], 1);
}

TEST(TrialTable, ReadsWindowsLineEnds) {
  const auto table = TrialTable::parse("u1 1.5\r\nu2 2.5\r\n", "file");

  EXPECT_EQ(table.cm_scores(), (std::vector{1.5, 2.5}));
}

TEST(TrialTable, NamesTheFirstFewScoresThatAreNoNumbers) {
  EXPECT_EQ(
      message_of("u1 1\nu2 nan\nu3 x\nu4 nan\nu5 nan\n"),
      "file: 4 of 5 scores are missing or no numbers: u2 (line 2: \"nan\"), u3 (line 3: \"x\"), "
      "u4 (line 4: \"nan\"), ...");
}

TEST(TrialTable, KeepsTheClaimedSpeakerWhenAsked) {
  const auto table =
      TrialTable::parse("claim,id,score\na,u1,1\nb,u2,2\n", "file", {.factors = {"claim"}});

  ASSERT_NE(table.find_factor("claim"), nullptr);
  EXPECT_EQ(table.find_factor("claim")->value(1), "b");
  EXPECT_EQ(table.ids()[1].claim, "b");
}

TEST(TrialTable, ReadsIdsAgainThatWereQuoted) {
  auto table = TrialTable::parse("id,score\n\"a,\"\"1\"\"\",1\n\n\"b\",2\n", "file");
  const TrialTable moved = std::move(table);

  ASSERT_EQ(moved.ids().size(), 2u);
  EXPECT_EQ(moved.ids()[0].utterance, "a,\"1\"");
  EXPECT_EQ(moved.ids()[1].utterance, "b");
}

TEST(TrialTable, MarksTrialsByTheirId) {
  auto table = TrialTable::parse("u1 1\nu2 2\n", "file");

  table.mark("wanted", [](const TrialId& id) { return id.utterance == "u2"; });

  EXPECT_EQ(table.find_factor("wanted")->value(0), "no");
  EXPECT_EQ(table.find_factor("wanted")->value(1), "yes");
}

TEST(TrialTable, NamesTheLineWithAnotherNumberOfColumns) {
  EXPECT_EQ(message_of("u1 - bonafide 1\nu2 A07 spoof\n"),
            "file: line 2: 3 columns, expected 4 as in the lines before");
}

TEST(TrialTable, NamesTheLineOfAStrangeLabel) {
  EXPECT_EQ(message_of("u1 - bonafide 1\nu2 A07 spoon 1\n"),
            "file: line 2: label \"spoon\" is neither bonafide nor spoof");
}

TEST(TrialTable, AsksWhichNumberIsBonaFide) {
  EXPECT_NE(message_of("id,score,label\nu,1,0\n").find("--bonafide-label"), std::string::npos);
  EXPECT_EQ(
      TrialTable::parse("id,score,label\nu,1,0\n", "file", {.numeric_bona_fide = 0}).classes()[0],
      Truth::kBonaFide);
}

TEST(TrialTable, RefusesLabelsThatContradictEachOther) {
  EXPECT_NE(message_of("spk filename cm-label asv-label\ns u spoof target\n").find("contradict"),
            std::string::npos);
}

TEST(TrialTable, RefusesLinesWithoutAnIdAlsoWhenNoneHasOne) {
  EXPECT_EQ(message_of("id,score,label\n,1,spoof\n,2,bonafide\n"), "file: 2 of 2 lines have no id");
}

TEST(TrialTable, FindsFactorsByAnyWordOfTheirColumn) {
  const auto value = [](std::string_view text, const std::string& name) {
    const auto table = TrialTable::parse(text, "file", {.factors = {name}});
    return table.find_factor(name) == nullptr ? "" : table.find_factor(name)->value(0);
  };
  EXPECT_EQ(value("id,score,label,split\nu,1,spoof,dev\n", "partition"), "dev");
  EXPECT_EQ(value("id,score,label,Compression\nu,1,spoof,mp3\n", "codec"), "mp3");
  EXPECT_EQ(value("id,score,label,compression,codec\nu,1,spoof,mp3,opus\n", "codec"), "opus");
  EXPECT_EQ(value("id,score,label,my_mood\nu,1,spoof,calm\n", "my-mood"), "calm");
  EXPECT_EQ(value("claimed_speaker,id,score,asv_key\nann,u,1,spoof\n", "claim"), "ann");
  EXPECT_EQ(value("id,score,label\nu,1,spoof\n", "label"), "");
}

TEST(TrialTable, RefusesTwoColumnsThatSayTheSame) {
  EXPECT_EQ(
      message_of("id score cm-score label\nu1 1 2 spoof\n"),
      "file: the columns \"score\" and \"cm-score\" say the same of a trial; only one of them "
      "can stand here");
  EXPECT_NE(message_of("id key score label\nu1 spoof 1 bonafide\n").find("\"key\" and \"label\""),
            std::string::npos);
}

TEST(TrialTable, RefusesAManifestWhoseRowsAreStretchesOfRecordings) {
  EXPECT_EQ(message_of("path,start,end,label\na.wav,,,spoof\nb.wav,4,8,spoof\n").substr(0, 37),
            "file: line 3: column \"start\": 4 means");
  // The id of a trial may be that of a stretch.
  EXPECT_EQ(TrialTable::parse("id,start,end,label\nu1,4,8,spoof\n", "file").size(), 1u);
}

TEST(TrialTable, ReadsFilesInUtf16) {
  Scratch folder;
  std::string bytes = "\xFF\xFE";
  for (const char c : std::string_view("id,label\r\nu1,spoof\r\nu2,bonafide\r\n")) {
    bytes += {c, '\0'};
  }
  write_atomically(folder / "key.csv", bytes);

  const auto table = TrialTable::read(folder / "key.csv");

  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(table.ids()[1].utterance, "u2");
}

TEST(TrialTable, TakesSpkForTheOneWhoSpeaksBesideAClaim) {
  const auto table = TrialTable::parse("claim spk id asv-score asv-label\na b u1 1 spoof\n", "file",
                                       {.factors = {"speaker"}});

  EXPECT_EQ(table.ids()[0].claim, "a");
  EXPECT_EQ(table.find_factor("speaker")->value(0), "b");
}

TEST(TrialTable, SaysWhatItFoundInAnUnknownFile) {
  EXPECT_NE(message_of("a b c d e f g h i\n").find("9 columns"), std::string::npos);
  EXPECT_EQ(message_of("\n \n"), "file: no lines with text");
}

}  // namespace
}  // namespace bonafide
