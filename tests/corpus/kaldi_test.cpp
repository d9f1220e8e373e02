#include "corpus/kaldi.h"

#include "corpus/tree.h"

namespace bonafide {
namespace {

using Kaldi = Tree;

TEST_F(Kaldi, ReadsADataDirectoryWithBlanksInPaths) {
  write("train/wav.scp", "u1 /x/a b.wav\nu2\trel/b.flac\r\n\n");
  write("train/utt2label", "u1 bonafide\nu2 spoof\n");
  write("train/utt2spk", "u2 s2\nu1 s1\n");
  write("train/utt2attack", "u2 A 07\n");
  write("train/spk2gender", "s1 f\n");

  const auto trials = read("kaldi", "train");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, "/x/a b.wav");
  EXPECT_EQ(trials[0].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[0].speaker, "s1");
  EXPECT_EQ(trials[0].gender, "f");
  EXPECT_EQ(trials[1].path, path("train/rel/b.flac"));
  EXPECT_EQ(trials[1].attack, "A 07");
  EXPECT_EQ(trials[1].partition, "train");
}

TEST_F(Kaldi, TakesADashForNothingAndGivesBonaFideNoAttack) {
  write("wav.scp", "u1 a.wav\n");
  write("utt2label", "u1 bonafide\n");
  write("utt2spk", "u1 -\n");
  write("utt2attack", "u1 bonafide\n");

  const auto trials = read("kaldi");

  EXPECT_EQ(trials.at(0).speaker, "");
  EXPECT_EQ(trials.at(0).attack, "");
  EXPECT_EQ(trials.at(0).path, path("a.wav"));
}

TEST_F(Kaldi, DoesWithoutLabels) {
  write("wav.scp", "u1 a.wav\n");

  EXPECT_EQ(read("kaldi").at(0).truth, Truth::kUnknown);
}

TEST_F(Kaldi, RefusesCommandsAndRunsNone) {
  const std::string witness = path("witness").native();
  write("wav.scp", "u1 a.wav\nu2 touch " + witness + " |\n");

  EXPECT_NE(short_complaint("kaldi").find("wav.scp: line 2: \"touch "), std::string::npos);
  EXPECT_NE(short_complaint("kaldi").find("is a command; none is run here"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(witness));

  write("wav.scp", "u1 | cat\n");
  EXPECT_NE(short_complaint("kaldi").find("is a command"), std::string::npos);
}

TEST_F(Kaldi, RefusesAKeyTwiceInAnyOfItsFiles) {
  write("wav.scp", "u1 a.wav\nu2 b.wav\n");
  write("utt2label", "u1 spoof\nu2 bonafide\nu1 bonafide\n");
  EXPECT_EQ(short_complaint("kaldi"), "utt2label: line 3: \"u1\" again (line 1 has it)");
  write("utt2label", "u1 spoof\nu2 bonafide\n");
  write("utt2spk", "u1 s1\nu1 s2\n");
  EXPECT_EQ(short_complaint("kaldi"), "utt2spk: line 2: \"u1\" again (line 1 has it)");
  write("utt2spk", "u1 s1\n");
  write("spk2gender", "s1 f\n\ns1 m\n");
  EXPECT_EQ(short_complaint("kaldi"), "spk2gender: line 3: \"s1\" again (line 1 has it)");
}

TEST_F(Kaldi, NamesFileAndLineOfWhatIsBroken) {
  write("wav.scp", "u1 a.wav\nu1 b.wav\n");
  EXPECT_EQ(short_complaint("kaldi"), "wav.scp: line 2: \"u1\" again (line 1 has it)");
  write("wav.scp", "u1\n");
  EXPECT_EQ(short_complaint("kaldi"), "wav.scp: line 1: no value after the first word");
  write("wav.scp", "u1 -\n");
  EXPECT_EQ(short_complaint("kaldi"), "wav.scp: line 1: standard input is not read here");
  write("wav.scp", "u1 x.ark:17\n");
  EXPECT_EQ(short_complaint("kaldi"),
            "wav.scp: line 1: \"x.ark:17\" is an offset into an archive; files are wanted");

  write("wav.scp", "u1 a.wav\nu2 b.wav\n");
  write("utt2label", "u1 spoof\n");
  EXPECT_EQ(short_complaint("kaldi"), "utt2label: \"u2\" is missing");
  write("utt2label", "u1 spoof\nu2 x\n");
  EXPECT_EQ(short_complaint("kaldi"),
            "utt2label: line 2: \"x\" is not a label (bonafide or spoof)");
  write("utt2label", "u1 spoof\nu2 real\n");
  write("utt2spk", "u3 s\n");
  EXPECT_EQ(short_complaint("kaldi"), "utt2spk: line 1: \"u3\" is not in wav.scp");
  write("utt2spk", "U1 s\n");
  EXPECT_EQ(short_complaint("kaldi"),
            "utt2spk: line 1: \"U1\" is not in wav.scp (did you mean \"u1\"?)");
}

// "utt rec begin end", as kaldi-asr.org describes the file.
TEST_F(Kaldi, TakesTheStretchesOfSegmentsForUtterances) {
  write("wav.scp", "r1 a.wav\nr2 b.wav\n");
  write("segments", "u1 r1 0 1.5\nu2 r1 1.50 -1\nu3 r2 2 4\n");
  write("utt2label", "u1 bonafide\nu2 spoof\nu3 spoof\n");

  const auto trials = read("kaldi");

  ASSERT_EQ(trials.size(), 3u);
  EXPECT_EQ(trials[0].excerpt, (Excerpt{.begin = 0, .end = 1.5}));
  EXPECT_EQ(trials[1].excerpt, Excerpt{.begin = 1.5});
  EXPECT_EQ(trials[1].id, "u2");
  EXPECT_EQ(trials[1].path, path("a.wav"));
  EXPECT_EQ(trials[2].path, path("b.wav"));
}

TEST_F(Kaldi, NamesTheLineOfASegmentThatIsNone) {
  write("wav.scp", "r1 a.wav\n");
  for (const char* line : {"u1 r1 2 1", "u1 r1 -1 1", "u1 r1 0 x", "u1 r1 0", "u1 r2 0 1",
                           "u1 r1 0 1 A", "u1 r1 0 nan"}) {
    write("segments", std::string(line) + "\n");
    EXPECT_EQ(short_complaint("kaldi").substr(0, 18), "segments: line 1: ") << line;
  }
}

}  // namespace
}  // namespace bonafide
