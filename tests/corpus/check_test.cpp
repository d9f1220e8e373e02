#include "corpus/check.h"

#include "audio/sound_files.h"
#include "corpus/tree.h"

namespace bonafide {
namespace {

class Check : public Tree {
 protected:
  Check() {
    for (const char* name : {"a.wav", "b.wav", "e.wav"}) {
      write_sound(path(name), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1,
                  std::vector<float>(800, 0.5f));
    }
    write("noise.wav", "this is no recording");
    write("empty.wav", "");
    write("m.csv",
          "path,label,reference,enrolments\na.wav,real,,e.wav\nb.wav,spoof,a.wav,e.wav\n"
          "noise.wav,spoof,,\n");
  }

  CheckReport check(bool deep, const std::string& state = "") {
    CheckOptions options;
    options.root = path("m.csv");
    options.deep = deep;
    options.threads = 2;
    if (!state.empty()) options.state = path(state);
    NoProgress progress;
    return check_corpus(find_corpus("manifest"), options, progress);
  }
};

TEST_F(Check, LooksForEveryRecordingOnceWithReferencesAndEnrolments) {
  const CheckReport report = check(false);

  EXPECT_TRUE(report.all_well());
  EXPECT_EQ(report.recordings, 4u);
  ASSERT_EQ(report.parts.size(), 1u);
  EXPECT_EQ(report.parts[0].bona_fide, 1u);
  EXPECT_EQ(report.parts[0].spoof, 2u);
}

TEST_F(Check, SaysWhatIsMissingOrEmpty) {
  std::filesystem::remove(path("e.wav"));
  write("b.wav", "");

  const CheckReport report = check(false);

  EXPECT_FALSE(report.all_well());
  ASSERT_EQ(report.troubles.size(), 2u);
  EXPECT_EQ(report.troubles[0].reason, path("e.wav").native() + ": no such file");
  EXPECT_EQ(report.troubles[1].reason, path("b.wav").native() + ": an empty file");
}

TEST_F(Check, LooksIntoSmallFilesForWhatStandsInTheirPlace) {
  write("b.wav", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");

  const CheckReport report = check(false);

  EXPECT_FALSE(report.all_well());
  ASSERT_EQ(report.troubles.size(), 1u);
  EXPECT_EQ(
      report.troubles[0].reason,
      path("b.wav").native() +
          ": looks like a Git LFS pointer, not audio; fetch the file itself with `git lfs pull`");
}

TEST_F(Check, CountsWhatLiesThereAndIsNotListed) {
  write("more/c.wav", "");
  write("._a.wav", "");
  std::filesystem::create_symlink("a.wav", path("same.wav"));

  const CheckReport report = check(false);

  EXPECT_TRUE(report.all_well());
  EXPECT_EQ(report.leftovers.lines(),
            std::vector<std::string>{"not read: 2 recordings that nothing lists (" +
                                     path("empty.wav").native() + ", " +
                                     path("more/c.wav").native() + ")"});
}

TEST_F(Check, OfAllPartsLooksThroughTheWholeRoot) {
  for (const char* name : {"r/wavs/a.wav", "r/more/b.wav", "r/c.wav"}) write(name, "x");
  write("r/wav.scp", "u wavs/a.wav\n");
  CheckOptions options;
  options.root = path("r");
  NoProgress progress;

  const CheckReport report = check_corpus(find_corpus("kaldi"), options, progress);

  EXPECT_EQ(report.leftovers.lines(),
            std::vector<std::string>{"not read: 2 recordings that nothing lists (" +
                                     path("r/c.wav").native() + ", " +
                                     path("r/more/b.wav").native() + ")"});
}

TEST_F(Check, OfAListLooksThroughItsFolder) {
  write("l/m.csv", "path,label\na/a.wav,real\na/b.wav,spoof\n");
  for (const char* name : {"l/a/a.wav", "l/a/b.wav", "l/c/d.wav", "l/more.zip"}) write(name, "x");
  CheckOptions options;
  options.root = path("l/m.csv");
  NoProgress progress;

  const CheckReport report = check_corpus(find_corpus("manifest"), options, progress);

  EXPECT_EQ(report.leftovers.lines(),
            (std::vector<std::string>{
                "not read: 1 recordings that nothing lists (" + path("l/c/d.wav").native() + ")",
                "not read: 1 archives (" + path("l/more.zip").native() + ")"}));
}

TEST_F(Check, LooksBesideTheRecordingsOnlyWhereTheListLiesElsewhere) {
  write("lists/m.csv", "path,label\n../x/a.wav,real\n../y/z/b.wav,spoof\n");
  for (const char* name : {"x/a.wav", "y/z/b.wav", "y/z/c.wav", "y/d.wav"}) write(name, "x");
  CheckOptions options;
  options.root = path("lists/m.csv");
  NoProgress progress;

  const CheckReport report = check_corpus(find_corpus("manifest"), options, progress);

  EXPECT_EQ(report.leftovers.lines(),
            std::vector<std::string>{"not read: 1 recordings that nothing lists (" +
                                     path("y/z/c.wav").native() + ")"});
}

TEST_F(Check, OfOnePartKnowsWhatTheOthersList) {
  for (const char* name : {"training/real/a.wav", "training/fake/b.wav", "training/new/c.wav",
                           "testing/real/d.wav", "testing/new/e.wav"}) {
    write(name, "x");
  }
  CheckOptions options;
  options.root = root_.path();
  options.part = "training";
  NoProgress progress;

  const CheckReport report = check_corpus(find_corpus("fake-or-real"), options, progress);

  EXPECT_EQ(
      report.leftovers.lines(),
      std::vector<std::string>{"not read: 1 recordings in folders that are none of the data set (" +
                               path("training/new/c.wav").native() + ")"});
  EXPECT_TRUE(report.all_well());
}

TEST_F(Check, IsNotWellWhereAFolderCannotBeRead) {
  std::filesystem::create_symlink("gone", path("real"));

  const CheckReport report = check(false);

  EXPECT_FALSE(report.all_well());
  EXPECT_EQ(
      report.leftovers.troubles(),
      std::vector<std::string>{path("real").native() + ": a link to gone, which is not there"});
}

TEST_F(Check, SaysWhichFileMayBeMeantByAnotherCaseOrUnicodeForm) {
  write("m.csv", "path,label\nA.wav,real\n\u00e9.wav,spoof\nb.flac,spoof\n");
  write("e\u0301.wav", "x");

  const CheckReport report = check(false);

  ASSERT_EQ(report.troubles.size(), 3u);
  EXPECT_EQ(report.troubles[0].reason,
            path("A.wav").native() + ": no such file (did you mean \"a.wav\"?)");
  EXPECT_EQ(report.troubles[1].reason,
            path("\u00e9.wav").native() + ": no such file (did you mean \"e\u0301.wav\"?)");
  EXPECT_EQ(report.troubles[2].reason, path("b.flac").native() + ": no such file");
}

TEST_F(Check, DecodesEveryRecordingWhenDeep) {
  const CheckReport report = check(true);

  ASSERT_EQ(report.troubles.size(), 1u);
  EXPECT_EQ(report.troubles[0].file, path("noise.wav").native());
}

TEST_F(Check, TellsWhatLiesBehindTheSamplesWhenDeep) {
  std::ofstream(path("a.wav"), std::ios::binary | std::ios::app) << std::string(300, '\x11');

  const CheckReport report = check(true);

  ASSERT_EQ(report.troubles.size(), 2u);
  EXPECT_NE(report.troubles[0].reason.find("a.wav: 300 bytes behind"), std::string::npos)
      << report.troubles[0].reason;
}

TEST_F(Check, TellsWhatIsCutOffWhenDeepAndRemembersItNot) {
  std::filesystem::resize_file(path("a.wav"), std::filesystem::file_size(path("a.wav")) - 400);

  for (int run = 0; run < 2; ++run) {
    const CheckReport report = check(true, "state");
    ASSERT_EQ(report.troubles.size(), 2u);
    EXPECT_NE(report.troubles[0].reason.find("a.wav: truncated: "), std::string::npos)
        << report.troubles[0].reason;
  }
}

TEST_F(Check, GoesOnWhereAnEarlierRunStopped) {
  EXPECT_EQ(check(true, "state").remembered, 0u);

  const CheckReport second = check(true, "state");
  EXPECT_EQ(second.remembered, 3u);
  EXPECT_EQ(second.troubles.size(), 1u);  // what was bad is looked at again

  write_sound(path("a.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1,
              std::vector<float>(900, 0.5f));
  EXPECT_EQ(check(true, "state").remembered, 2u);  // and what has changed
}

TEST_F(Check, PassesOverALineOfItsStateThatWasCutOff) {
  check(true, "state");
  const std::string whole = read_text(path("state"));
  write("state", whole.substr(0, whole.size() - 5));

  EXPECT_EQ(check(true, "state").remembered, 2u);
  EXPECT_EQ(check(true, "state").remembered, 3u);
}

TEST_F(Check, DoesNotWriteIntoAFileThatIsNoState) {
  write("state", "my thesis\n");

  EXPECT_THROW(check(true, "state"), UsageError);
  EXPECT_EQ(read_text(path("state")), "my thesis\n");
}

TEST_F(Check, ReadsThePartsThatAreThereAndNamesTheOthers) {
  write("label/train.txt", "a.wav real 0\n");
  write("train/a.wav", "x");
  CheckOptions options;
  options.root = root_.path();
  NoProgress progress;

  const CheckReport report = check_corpus(find_corpus("codecfake"), options, progress);

  EXPECT_EQ(report.parts.size(), 1u);
  EXPECT_EQ(report.unreadable_parts.size(), 11u);
  EXPECT_FALSE(report.all_well());
  options.part = "dev";
  EXPECT_THROW(check_corpus(find_corpus("codecfake"), options, progress), UsageError);
}

TEST(CompareCounts, TellsWhatIsSureFromWhatIsSaid) {
  const std::vector<KnownCount> known = {{"eval", 10, 20, 0, Knowledge::kFirstHand},
                                         {"eval", 0, 0, 31, Knowledge::kSecondHand},
                                         {"dev", 1, 1, 0, Knowledge::kFirstHand}};

  const auto mismatches = compare_counts(known, {"eval", 10, 19, 0});

  ASSERT_EQ(mismatches.size(), 2u);
  EXPECT_EQ(mismatches[0].text, "eval: spoofed: 19 in the protocol, 20 are in the release");
  EXPECT_EQ(mismatches[1].text,
            "eval: trials: 29 in the protocol, 31 are said to be in the release");
  EXPECT_TRUE(compare_counts(known, {"eval", 10, 20, 1}).empty());
}

}  // namespace
}  // namespace bonafide
