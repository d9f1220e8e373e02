#include "scoring/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>
#include <thread>

#include "audio/sound_files.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/tar_file.h"
#include "error_text.h"

namespace bonafide {
namespace {

using Paths = std::vector<std::filesystem::path>;

Paths expand(const std::vector<std::string>& inputs, const std::string& standard_input = "") {
  std::istringstream stream(standard_input);
  Paths paths;
  for (const Input& input : list_inputs(inputs, stream)) paths.push_back(input.location.name());
  return paths;
}

TEST(Inputs, TakesAPathAsItIsWhetherItExistsOrNot) {
  EXPECT_EQ(expand({"no/such.wav", "b"}), (Paths{"no/such.wav", "b"}));
}

TEST(Inputs, OnStandardInputMayHaveNamesThatBeginAsABinaryFileDoes) {
  for (const char* name : {"ID3001.wav", "FORMAL/x.wav", "RIFX.wav", "BZh.wav", "caff.wav"}) {
    EXPECT_EQ(expand({"-"}, std::string(name) + "\nb.wav\n"), (Paths{name, "b.wav"})) << name;
    EXPECT_EQ(expand({"-"}, std::string(name) + '\0' + "b.wav" + '\0'), (Paths{name, "b.wav"}))
        << name;
  }
  EXPECT_THAT(error_text([] { expand({"-"}, std::string("RIFF\x24\0\0\0WAVEfmt \x10", 17)); }),
              testing::StartsWith("-: standard input holds a sound file"));
}

TEST(Inputs, WalksAFolderInSortedOrderAndTakesOnlyAudioNames) {
  Scratch folder;
  std::filesystem::create_directories(folder / "b");
  for (const char* name : {"c.flac", "b/z.wav", "b/a.WAV", "a.mp3", "notes.txt", "x\n,.ogg"}) {
    write_bytes(folder / name, "");
  }

  EXPECT_EQ(expand({folder.path().native()}),
            (Paths{folder / "a.mp3", folder / "b/a.WAV", folder / "b/z.wav", folder / "c.flac",
                   folder / "x\n,.ogg"}));
}

TEST(Inputs, TakesTheSegmentsOfAKaldiFolder) {
  Scratch folder;
  write_bytes(folder / "a.wav", "");
  write_bytes(folder / "wav.scp", "r a.wav\n");
  EXPECT_EQ(expand({folder.path().native()}).size(), 1u);

  write_bytes(folder / "segments", "u r 0 1\nv r 1 2.5\n");
  std::istringstream none;
  const auto inputs = list_inputs({folder.path().native()}, none);
  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_EQ(inputs[1].location.name(), (folder / "a.wav").native() + "#t=1,2.5");
}

TEST(Inputs, NamesAListWithoutRecordings) {
  Scratch folder;
  write_bytes(folder / "none.txt", "\n\n");
  write_bytes(folder / "empty.csv", "");
  write_bytes(folder / "header.csv", "path,label\n");
  const auto why = [&](const std::string& input) {
    return error_text<Error>([&] { expand({input}); });
  };
  EXPECT_NE(why("@" + (folder / "none.txt").native()).find("none.txt: lists no recordings"),
            std::string::npos);
  EXPECT_NE(why((folder / "empty.csv").native()).find("empty.csv: an empty file"),
            std::string::npos);
  EXPECT_NE(why((folder / "header.csv").native()).find("header.csv: lists no recordings"),
            std::string::npos);
}

TEST(Inputs, ReadsAListThatComesOutOfAPipe) {
  Scratch folder;
  const std::string name = (folder / "list").native();
  ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
  std::thread writer([&] { write_bytes(name, "a.wav\nb.wav\n"); });

  const Paths listed = expand({"@" + name});

  writer.join();
  EXPECT_EQ(listed, (Paths{"a.wav", "b.wav"}));
}

TEST(Inputs, NotesArchivesAndVideosInAFolder) {
  Scratch folder;
  for (const char* name : {"a.wav", "b.zip", "c.mp4", "d.wav.gz", "notes.txt"}) {
    write_bytes(folder / name, "");
  }
  Leftovers leftovers;
  std::istringstream none;
  EXPECT_EQ(list_inputs({folder.path().native()}, none, &leftovers).size(), 1u);
  EXPECT_EQ(leftovers.count(), 3u);
}

TEST(Inputs, KeepsAFolderWithoutRecordingsSoThatItsRowCanSaySo) {
  Scratch folder;
  write_bytes(folder / "notes.txt", "");

  EXPECT_EQ(expand({folder.path().native()}), Paths{folder.path()});
}

TEST(Inputs, FollowsLinksToFoldersAndNamesThoseThatLeadNowhere) {
  Scratch folder;
  std::filesystem::create_directory(folder / "in");
  std::filesystem::create_directory(folder / "disk");
  write_bytes(folder / "in/a.wav", "");
  write_bytes(folder / "disk/b.wav", "");
  std::filesystem::create_directory_symlink(folder / "in", folder / "in/again");
  std::filesystem::create_directory_symlink(folder / "disk", folder / "in/linked");
  std::filesystem::create_directory_symlink("gone", folder / "in/lost");
  std::istringstream stream;

  const auto inputs = list_inputs({(folder / "in").native()}, stream);

  ASSERT_EQ(inputs.size(), 3U);
  EXPECT_EQ(inputs[0].location, AudioLocation(folder / "in/a.wav"));
  EXPECT_EQ(inputs[1].location, AudioLocation(folder / "in/linked/b.wav"));
  EXPECT_EQ(inputs[1].trouble, "");
  EXPECT_EQ(inputs[2].location, AudioLocation(folder / "in/lost"));
  EXPECT_EQ(inputs[2].trouble, "a link to gone, which is not there");
}

TEST(Inputs, ReadsAListWithAnyLineEnds) {
  Scratch folder;
  write_bytes(folder / "list", "a b.wav\r\n\n-c.wav\nd");

  EXPECT_EQ(expand({"@" + (folder / "list").native()}), (Paths{"a b.wav", "-c.wav", "d"}));
}

TEST(Inputs, ReadsStandardInputWithNulBytesBetweenNames) {
  EXPECT_EQ(expand({"-"}, std::string("a\rb.wav\0c.wav\0", 14)), (Paths{"a\rb.wav", "c.wav"}));
}

TEST(Inputs, RefusesAListThatHasNulBytesAndLineEnds) {
  const std::string list("a.wav\nb\0.wav\nc.wav\n", 20);
  EXPECT_EQ(error_text<UsageError>([&] { expand({"-"}, list); }),
            "standard input: line 2: a NUL byte, which no text has (is it a list?)");
}

TEST(Inputs, ReadsTheListsOfPowerShellAndOfOldMacs) {
  Scratch folder;
  const std::string list(
      "\xFF\xFE"
      "a\0.\0w\0a\0v\0\r\0\n\0\xE4\0.\0w\0a\0v\0\r\0\n\0",
      30);
  write_bytes(folder / "list", list);
  write_bytes(folder / "mac", "a.wav\rb.wav\r");

  EXPECT_EQ(expand({"@" + (folder / "list").native()}), (Paths{"a.wav", "ä.wav"}));
  EXPECT_EQ(expand({"@" + (folder / "mac").native()}), (Paths{"a.wav", "b.wav"}));
}

TEST(Inputs, NotesWhatAnArchiveHoldsBesideItsSamples) {
  Scratch folder;
  write_bytes(folder / "s.tar",
              TarFile().add("x.wav", "x").add("README", "x").add("old.tar", "x").bytes());
  std::istringstream stream;
  Leftovers leftovers;

  EXPECT_EQ(list_inputs({(folder / "s.tar").native()}, stream, &leftovers).size(), 1U);

  EXPECT_EQ(leftovers.lines(),
            (std::vector<std::string>{"not read: 1 members of archives that belong to no sample (" +
                                          (folder / "s.tar/README").native() + ")",
                                      "not read: 1 archives inside archives (" +
                                          (folder / "s.tar/old.tar").native() + ")"}));
}

TEST(Inputs, ReadsThePathsOfAManifestRelativeToIt) {
  Scratch folder;
  write_bytes(folder / "m.csv", "label,path\nspoof,\"x,y.wav\"\nbonafide,/abs.wav\n");

  EXPECT_EQ(expand({(folder / "m.csv").native()}), (Paths{folder / "x,y.wav", "/abs.wav"}));
}

TEST(Inputs, TakesTheOtherNamesOfTheColumnOfPaths) {
  Scratch folder;
  write_bytes(folder / "m.csv", "label,File\nspoof, x.wav\n");
  write_bytes(folder / "nemo.csv", "audio_filepath,duration\ny.wav,3\n");
  write_bytes(folder / "both.csv", "file,path\nno.wav,z.wav\n");

  EXPECT_EQ(expand({(folder / "m.csv").native()}), (Paths{folder / " x.wav"}));
  EXPECT_EQ(expand({(folder / "nemo.csv").native()}), (Paths{folder / "y.wav"}));
  EXPECT_EQ(expand({(folder / "both.csv").native()}), (Paths{folder / "z.wav"}));
}

TEST(Inputs, ReadsATableOfScoresAgain) {
  Scratch folder;
  write_bytes(folder / "scores.csv",
              "file,score,llr,probability,verdict,seconds,detail\n"
              "a.wav,1.5,,,,2.000,\nb.wav,,,,,,no samples\na.wav,1.5,,,,2.000,\n");

  EXPECT_EQ(expand({(folder / "scores.csv").native()}),
            (Paths{folder / "a.wav", folder / "b.wav", folder / "a.wav"}));
}

void write_list(const std::filesystem::path& path, std::string_view lines) {
  std::filesystem::create_directories(path.parent_path());
  write_bytes(path, lines);
}

TEST(Inputs, FindsTheRecordingsOfAProtocolInItsDataSet) {
  Scratch root;
  const auto list = root / "LA/ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.eval.trl.txt";
  write_list(list, "LA_0039 LA_E_2 - A11 spoof\nLA_0040 LA_E_1 - - bonafide\n");
  const auto audio = root / "LA/ASVspoof2019_LA_eval/flac";
  const auto key = root / "keys/LA/CM/trial_metadata.txt";
  write_list(key,
             "LA_0009 LA_E_3 alaw ita_tx A07 spoof notrim progress\n"
             "LA_0009 LA_E_4 alaw ita_tx A07 spoof notrim eval\n");
  const auto eval = root / "ASVspoof2021_LA_eval/flac";
  const auto challenge = root / "ASVspoof5.dev.track_1.tsv";
  write_bytes(challenge, "D_0001 D_0000000001 F - - - AC1 A11 spoof -\n");

  EXPECT_EQ(expand({list.native()}), (Paths{audio / "LA_E_2.flac", audio / "LA_E_1.flac"}));
  EXPECT_EQ(expand({key.native()}), (Paths{eval / "LA_E_3.flac", eval / "LA_E_4.flac"}));
  EXPECT_EQ(expand({challenge.native()}), (Paths{root / "flac_D/D_0000000001.flac"}));
}

TEST(Inputs, RefusesABrokenProtocol) {
  Scratch root;
  const auto list = root / "ASVspoof5.eval.track_1.tsv";
  write_bytes(list, "E_0001 E_0000000001 spoof\n");

  EXPECT_THROW(expand({list.native()}), UsageError);
}

std::string complaint(const std::string& manifest) {
  Scratch folder;
  write_bytes(folder / "m.csv", manifest);
  const std::string path = (folder / "m.csv").native();
  return error_text<UsageError>([&] { expand({path}); }).substr(path.size());
}

TEST(Inputs, NamesTheLineOfABrokenManifest) {
  EXPECT_EQ(complaint("name,label\n"), ": line 1: no column \"path\"; a manifest needs one");
  EXPECT_EQ(complaint(""), ": an empty file");
  EXPECT_EQ(complaint("path,label\na.wav\n"), ": line 2: 1 fields, expected 2");
  EXPECT_EQ(complaint("path,label\na.wav,spoof\n,spoof\n"), ": line 3: an empty path");
}

TEST(Inputs, TakesTheStretchesOfATable) {
  Scratch folder;
  write_bytes(folder / "m.csv", "path,Start,End\na.wav,,\na.wav,4.0,8.0\n");
  std::istringstream none;

  const auto inputs = list_inputs({(folder / "m.csv").native()}, none);

  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_FALSE(inputs[0].location.excerpt);
  EXPECT_EQ(inputs[1].location.name(), (folder / "a.wav").native() + "#t=4,8");
  EXPECT_EQ(complaint("path,Start,End\na.wav,8,4\n").substr(0, 34),
            ": line 2: column \"Start\": 8 with 4");
}

TEST(Inputs, GoesOnAfterAListThatCannotBeRead) {
  Scratch folder;
  const std::string broken = (folder / "broken.csv").native();
  const std::string archive = (folder / "cut.tar").native();
  const std::string list = "@" + (folder / "none.txt").native();
  write_bytes(broken, "path,label\na.wav,spoof\nb.wav\n");
  write_bytes(archive, std::string(700, 'x'));
  std::istringstream stream;

  const auto inputs = list_inputs({broken, "x.wav", list, archive}, stream);

  ASSERT_EQ(inputs.size(), 4U);
  EXPECT_EQ(inputs[0].location, AudioLocation(broken));
  EXPECT_EQ(inputs[0].trouble, "line 3: 1 fields, expected 2");
  EXPECT_EQ(inputs[1].location, AudioLocation("x.wav"));
  EXPECT_EQ(inputs[1].trouble, "");
  EXPECT_EQ(inputs[2].location, AudioLocation(list));
  EXPECT_EQ(inputs[2].trouble, "No such file or directory");
  EXPECT_EQ(inputs[3].location, AudioLocation(archive));
  EXPECT_EQ(inputs[3].trouble, error_text([&] { expand({archive}); }).substr(archive.size() + 2));
  EXPECT_THROW(list_inputs({broken}, stream), UsageError);
}

TEST(Inputs, RefusesAListThatIsNotThere) { EXPECT_THROW(expand({"@no/such/list"}), Error); }

TEST(Inputs, SaysThatStandardInputHoldsARecordingWherePathsArePromised) {
  for (const std::string& bytes :
       {Wav().bytes(), std::string("\xFF\xFB\x90\x64\0\0", 6), std::string("\x01\0\x02\0", 4)}) {
    EXPECT_THAT(error_text([&] { expand({"-"}, bytes); }),
                testing::HasSubstr("where paths are expected, one a line; for a recording on "
                                   "standard input name /dev/stdin"));
  }
}

TEST(Inputs, MarksPipesThatTheCommandLineNamesOnceEach) {
  Scratch folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string other_name = folder / "again";
  std::filesystem::create_symlink("pipe", other_name);
  std::istringstream nothing;

  const auto inputs = list_inputs({pipe, other_name}, nothing);

  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_TRUE(inputs[0].is_pipe);
  EXPECT_EQ(inputs[0].trouble, "");
  EXPECT_EQ(inputs[1].trouble, "nothing is left of this pipe, which was read before");
}

TEST(Inputs, DoesNotOpenPipesThatALongerListNames) {
  Scratch folder;
  const std::string pipe = folder / "pipe.wav";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  write_bytes(folder / "list", pipe);
  std::istringstream nothing;

  for (const std::string& input : {"@" + (folder / "list").native(), folder.path().native()}) {
    const auto inputs = list_inputs({input}, nothing);

    ASSERT_EQ(inputs.size(), 1U);
    EXPECT_FALSE(inputs[0].is_pipe);
  }
}

TEST(ListInputs, TakesTheReferencesOfAManifest) {
  const Scratch folder;
  std::istringstream nothing;
  write_atomically(folder / "all.csv", "path,reference\na.wav,known.wav\nb.wav,-\n");
  write_atomically(folder / "all.jsonl", "{\"path\": \"a.wav\", \"reference\": \"known.wav\"}\n");

  for (const char* list : {"all.csv", "all.jsonl"}) {
    const auto inputs = list_inputs({(folder / list).string()}, nothing);

    EXPECT_EQ(inputs.at(0).references, std::vector<AudioLocation>{folder / "known.wav"}) << list;
    for (size_t i = 1; i < inputs.size(); ++i) EXPECT_TRUE(inputs[i].references.empty());
  }
}

}  // namespace
}  // namespace bonafide
