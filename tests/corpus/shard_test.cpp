#include "corpus/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

#include "audio/decode.h"
#include "audio/sound_files.h"
#include "base/error.h"
#include "base/file.h"
#include "compressed.h"
#include "corpus/manifest.h"
#include "corpus/tar_file.h"
#include "corpus/tree.h"
#include "error_text.h"

namespace bonafide {
namespace {

class Shard : public Tree {
 protected:
  // The bytes of a recording of so many samples.
  std::string sound(size_t samples) {
    write_sound(path("sound.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1,
                std::vector<float>(samples, 0.25f));
    return read_text(path("sound.wav"));
  }

  static std::vector<Trial> parse(std::string_view bytes) {
    return parse_shard(std::as_bytes(std::span(bytes)), "s.tar");
  }

  static std::string complaint_about(std::string_view bytes) {
    return error_text<UsageError>([&] { parse(bytes); });
  }
};

TEST_F(Shard, GathersSamplesAndDecodesThemInPlace) {
  const auto archive = TarFile()
                           .add("train/a.b/", "", '5')
                           .add("train/x.wav", sound(1000))
                           .add("train/x.json", R"({"label": "spoof", "attack": "A 1", "id": "X"})")
                           .add("train/y.cls", "bonafide\n")
                           .add("train/y.txt", "hello")
                           .add("train/y.wav", sound(2000))
                           .add("README", "no sample")
                           .bytes();
  write("s.tar", archive);

  const auto trials = read_shard(path("s.tar"));

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].id, "X");
  EXPECT_EQ(trials[0].truth, Truth::kSpoof);
  EXPECT_EQ(trials[0].attack, "A 1");
  EXPECT_EQ(trials[0].path, path("s.tar"));
  EXPECT_EQ(trials[0].member.name, "train/x.wav");
  EXPECT_EQ(trials[1].id, "train/y");
  EXPECT_EQ(trials[1].truth, Truth::kBonaFide);
  EXPECT_EQ(decode(location_of(trials[0])).waveform.samples.size(), 1000u);
  EXPECT_EQ(decode(location_of(trials[1])).waveform.samples.size(), 2000u);
}

// The keys of the trials.
std::vector<std::string> ids_of(const std::vector<Trial>& trials) {
  std::vector<std::string> ids;
  for (const Trial& trial : trials) ids.push_back(trial.id);
  return ids;
}

TEST_F(Shard, ReadsArchivesThatStandOneBehindTheOther) {
  const std::string first = TarFile().add("x.wav", sound(1000)).bytes();
  const std::string second = TarFile().add("y.wav", sound(2000)).bytes();
  write("s.tar", first + second);

  const auto trials = read_shard(path("s.tar"));

  EXPECT_EQ(ids_of(trials), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(decode(location_of(trials.at(1))).waveform.samples.size(), 2000u);
  EXPECT_EQ(ids_of(parse(first + std::string(10240, '\0') + second)).size(), 2u);
  EXPECT_EQ(ids_of(parse(gzipped(first) + gzipped(second))).size(), 2u);
}

TEST_F(Shard, NamesBytesBehindTheEndThatAreNoArchive) {
  const std::string archive = TarFile().add("x.wav", sound(1000)).bytes();
  EXPECT_THAT(complaint_about(archive + std::string(4096, 'j')),
              testing::StartsWith("s.tar: behind member \"x.wav\" lie bytes that are no member"));
  EXPECT_EQ(parse(archive + std::string(4096, '\0')).size(), 1u);
  EXPECT_THAT(complaint_about(archive + "junk"), testing::HasSubstr("behind member \"x.wav\""));
}

TEST_F(Shard, TakesLabelsCalledAfterTheWholeNameOfTheRecording) {
  const auto trials = parse(TarFile()
                                .add("x.wav", sound(1000))
                                .add("x.wav.json", R"({"label": "spoof", "speaker": "s"})")
                                .add("y.wav", sound(1000))
                                .add("y.wav.cls", "bonafide")
                                .add("z.json", R"({"speaker": "t"})")
                                .add("z.wav", sound(1000))
                                .add("z.wav.json", R"({"label": "spoof"})")
                                .bytes());

  ASSERT_EQ(trials.size(), 3u);
  EXPECT_EQ(trials[0].truth, Truth::kSpoof);
  EXPECT_EQ(trials[0].speaker, "s");
  EXPECT_EQ(trials[1].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[2].truth, Truth::kSpoof);
  EXPECT_EQ(trials[2].speaker, "t");
}

TEST_F(Shard, RefusesLabelsThatContradictEachOther) {
  const std::string recording = sound(1000);
  const auto archive = [&](const char* first, const char* one, const char* other) {
    return TarFile().add("x.wav", recording).add(first, one).add("x.json", other).bytes();
  };
  const auto complaint = [&](const char* first, const char* one, const char* other) {
    return complaint_about(archive(first, one, other));
  };
  const char* const real = R"({"label": "bonafide"})";
  EXPECT_THAT(complaint("x.cls", "spoof", real), testing::HasSubstr("two values of \"label\""));
  EXPECT_THAT(complaint("x.wav.cls", "spoof", real), testing::HasSubstr("two values of \"label\""));
  EXPECT_THAT(complaint("x.wav.json", R"({"label": "spoof"})", real),
              testing::HasSubstr("two values of \"label\""));
  EXPECT_EQ(parse(archive("x.cls", "real", real)).at(0).truth, Truth::kBonaFide);
  EXPECT_EQ(parse(archive("x.cls", "1", real)).at(0).truth, Truth::kBonaFide);
  EXPECT_THAT(complaint("x.txt", "", R"({"label": "spoof", "label": "bonafide"})"),
              testing::HasSubstr("the key \"label\" twice"));
}

// What is left over, without "not read: ".
std::vector<std::string> left_over(std::string_view bytes) {
  Leftovers leftovers;
  parse_shard(std::as_bytes(std::span(bytes)), "s.tar", &leftovers);
  std::vector<std::string> lines;
  for (const std::string& line : leftovers.lines()) lines.push_back(line.substr(10));
  return lines;
}

using Strings = std::vector<std::string>;

TEST_F(Shard, HasSamplesWithDotsInTheirNames) {
  TarFile tar;
  for (const std::string name : {"d.1/Track 2.0 (Clean)", "d.1/Track 2.1 (Live)", "Dr. Who 3"}) {
    tar.add(name + ".WAV", "x").add(name + ".json", R"({"label": "spoof"})");
  }
  tar.add("v2.0_a.cls", "real").add("v2.0_a.wav", "x");

  const auto trials = parse(tar.bytes());

  EXPECT_EQ(ids_of(trials),
            (Strings{"d.1/Track 2.0 (Clean)", "d.1/Track 2.1 (Live)", "Dr. Who 3", "v2.0_a"}));
  EXPECT_EQ(trials[1].truth, Truth::kSpoof);
  EXPECT_EQ(trials[3].truth, Truth::kBonaFide);
  EXPECT_EQ(left_over(tar.bytes()), Strings{});
}

TEST_F(Shard, HasSamplesWithDotsAndWithoutLabels) {
  const auto tar = TarFile().add("v2.0_a.wav", "x").add("v2.0_b.wav", "x").add("v2.0_b.txt", "x");
  EXPECT_EQ(ids_of(parse(tar.bytes())), (Strings{"v2.0_a", "v2.0_b"}));
  EXPECT_EQ(left_over(tar.bytes()), Strings{});
}

TEST_F(Shard, HasCompoundExtensionsForCompanionsOfItsRecording) {
  const auto tar = TarFile()
                       .add("x.meta.json", "not JSON")
                       .add("x.seg.wav", "x")
                       .add("x.wav", "x")
                       .add("x.cls", "spoof")
                       .add("y.wav", "x")
                       .add("y.seg.wav", "x")
                       .add("y.seg.json", R"({"frames": 3})");
  EXPECT_EQ(ids_of(parse(tar.bytes())), (Strings{"x", "y"}));
  EXPECT_EQ(left_over(tar.bytes()),
            Strings{"2 recordings in archives beside that of their sample (s.tar/x.seg.wav, "
                    "s.tar/y.seg.wav)"});
}

TEST_F(Shard, HasARecordingOfItsOwnForEachLabelOfItsOwn) {
  const auto tar = TarFile()
                       .add("Track 2.wav", "x")
                       .add("Track 2.cls", "spoof")
                       .add("Track 2.0 (Clean).wav", "x")
                       .add("Track 2.0 (Clean).cls", "real");
  EXPECT_EQ(ids_of(parse(tar.bytes())), (Strings{"Track 2", "Track 2.0 (Clean)"}));
  EXPECT_EQ(left_over(tar.bytes()), Strings{});
}

TEST_F(Shard, GivesALabelToTheOnlyRecordingOfItsName) {
  const auto tar = TarFile().add("x.16k.wav", "x").add("x.json", R"({"label": "spoof"})");
  const auto trials = parse(tar.bytes());
  EXPECT_EQ(ids_of(trials), Strings{"x"});
  EXPECT_EQ(trials[0].truth, Truth::kSpoof);
  EXPECT_EQ(complaint_about(
                TarFile().add("x.1.wav", "").add("x.2.wav", "").add("x.cls", "spoof").bytes()),
            "s.tar: sample \"x\" has no recording");
}

TEST_F(Shard, NamesTheMembersThatAreNoSamples) {
  const auto tar = TarFile()
                       .add("._x.wav", "resource fork")
                       .add("__MACOSX/x.wav", "x")
                       .add("x.wav", "x")
                       .add("x.txt", "of a sample")
                       .add("README", "x")
                       .add(".hidden.wav", "x")
                       .add("z.txt", "x")
                       .add("linked.wav", "", '2', "x.wav")
                       .add("more.tar.gz", "x");
  EXPECT_EQ(ids_of(parse(tar.bytes())), Strings{"x"});
  EXPECT_EQ(left_over(tar.bytes()),
            (Strings{"3 members of archives that belong to no sample (s.tar/.hidden.wav, "
                     "s.tar/README, s.tar/z.txt)",
                     "1 links, pipes and devices in archives (s.tar/linked.wav)",
                     "1 archives inside archives (s.tar/more.tar.gz)"}));
}

TEST_F(Shard, NeverMergesNamesThatDifferInCaseOrUnicodeForm) {
  TarFile tar;
  for (const char* name : {"a", "A", "\u00e9", "e\u0301"}) tar.add(std::string(name) + ".wav", "x");
  EXPECT_EQ(ids_of(parse(tar.bytes())), (Strings{"a", "A", "\u00e9", "e\u0301"}));
}

TEST_F(Shard, HasItsReferencesBesideTheArchive) {
  const char* json = R"({"label": "spoof", "reference": "ref.wav", "enrolments": ["e1.wav"]})";
  write("d/s.tar", TarFile().add("x.wav", sound(100)).add("x.json", json).bytes());

  const auto trials = read_shard(path("d/s.tar"));

  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(trials[0].path, path("d/s.tar"));
  EXPECT_EQ(trials[0].reference, path("d/ref.wav"));
  EXPECT_EQ(trials[0].enrolments->front(), path("d/e1.wav"));
}

TEST_F(Shard, IsReadFromAnArchiveThatTarMadeWithLongAndForeignNames) {
  const std::string name = std::string(70, 'd') + "/" + std::string(70, 'e') + "/größe ñ.wav";
  write("in/" + name, sound(700));
  for (const std::string format : {"gnu", "pax", "ustar"}) {
    SCOPED_TRACE(format);
    const std::string command = "tar --format=" + format + " -C " + path("in").native() + " -cf " +
                                path(format + ".tar").native() + " .";
    ASSERT_EQ(std::system(command.c_str()), 0);

    const auto trials = read_shard(path(format + ".tar"));

    ASSERT_EQ(trials.size(), 1u);
    EXPECT_EQ(trials[0].member.name, "./" + name);
    EXPECT_EQ(decode(location_of(trials[0])).waveform.samples.size(), 700u);
  }
}

TEST_F(Shard, SurvivesTheWayThroughAManifest) {
  write("s.tar", TarFile().add("x.wav", sound(1000)).add("x.cls", "spoof").bytes());
  write_manifest(path("m.csv"), read_shard(path("s.tar")));

  const auto trials = read_manifest(path("m.csv"));

  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(decode(location_of(trials[0])).waveform.samples.size(), 1000u);
}

TEST_F(Shard, IsListedAgainWhenItHasChanged) {
  write("s.tar", TarFile().add("x.wav", sound(1000)).bytes());
  const auto trials = read_shard(path("s.tar"));
  write("s.tar", TarFile().add("x.wav", sound(900)).bytes());

  EXPECT_THAT(error_text([&] { decode(location_of(trials.at(0))); }),
              testing::HasSubstr("list it again"));
  write("s.tar", "");
  EXPECT_THROW(decode(location_of(trials.at(0))), Error);
}

TEST_F(Shard, NeverTakesANameForAPath) {
  write("s.tar", TarFile()
                     .add("../../../etc/x.wav", sound(500))
                     .add("/etc/passwd.wav", "", '2', "/etc/passwd")
                     .add("/dev/y.wav", sound(600))
                     .bytes());

  const auto trials = read_shard(path("s.tar"));

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].path, path("s.tar"));
  EXPECT_EQ(trials[0].id, "../../../etc/x");
  EXPECT_EQ(decode(location_of(trials[1])).waveform.samples.size(), 600u);
}

TEST_F(Shard, NamesTheMemberThatIsWrong) {
  const std::string wav = sound(100);
  EXPECT_EQ(complaint_about(TarFile().add("x.wav", wav).add("x.flac", wav).bytes()),
            "s.tar: member \"x.flac\": a second recording of one sample");
  EXPECT_EQ(
      complaint_about(TarFile().add("x.wav", wav).add("y.wav", wav).add("x.wav", wav).bytes()),
      "s.tar: sample \"x\" again");
  EXPECT_EQ(complaint_about(TarFile().add("x.json", "{").bytes()),
            "s.tar: member \"x.json\": not JSON");
  EXPECT_EQ(complaint_about(TarFile().add("x.wav", wav).add("x.cls", "7").bytes()),
            "s.tar: sample \"x\": .cls: \"7\" is not a label (bonafide or spoof)");
  EXPECT_EQ(complaint_about(TarFile().add("x.cls", "spoof").bytes()),
            "s.tar: sample \"x\" has no recording");
}

TEST_F(Shard, RefusesArchivesThatAreCutShortOrNone) {
  const std::string whole = TarFile().add("a.wav", sound(100)).add("x.wav", sound(5000)).bytes();
  EXPECT_NE(complaint_about(whole.substr(0, 4000)).find("\"x.wav\""), std::string::npos);
  EXPECT_EQ(complaint_about("BZh91AY and more"),
            "s.tar: compressed by bzip2; gzip, xz and zstd can be read");
  EXPECT_NE(complaint_about(std::string(2000, 'x')).find("s.tar: "), std::string::npos);
}

TEST_F(Shard, RefusesASampleOfMuchText) {
  const std::string wav = sound(10), much(70000, 'y');
  EXPECT_NE(complaint_about(
                TarFile().add("x.wav", wav).add("x.json", R"({"id": ")" + much + "\"}").bytes())
                .find("s.tar: sample \"x\": "),
            std::string::npos);
  std::string enrolments = R"({"enrolments": ["")";
  for (int i = 0; i < 5000; ++i) enrolments += R"(,"")";  // little text, but many paths
  EXPECT_NE(complaint_about(TarFile().add("x.wav", wav).add("x.json", enrolments + "]}").bytes())
                .find("s.tar: sample \"x\": "),
            std::string::npos);
}

TEST_F(Shard, OfFewBytesTakesLittleMemory) {
  TarFile tar;
  for (int i = 0; i < 60000; ++i) tar.add(std::to_string(i) + ".wav", "");
  EXPECT_EQ(complaint_about(gzipped(tar.bytes())).substr(0, 14), "s.tar: a bomb:");
  EXPECT_EQ(parse(tar.bytes()).size(), 60000u);
  TarFile group;
  for (int i = 0; i < 60000; ++i) group.add("x." + std::to_string(i) + ".wav", "");
  EXPECT_EQ(complaint_about(gzipped(group.bytes())).substr(0, 14), "s.tar: a bomb:");
  EXPECT_EQ(parse(group.bytes()).size(), 60000u);
}

TEST_F(Shard, MayBeginWithAnyName) {
  write("s.tar", TarFile().add("BZhang_001.wav", sound(1000)).bytes());

  const auto trials = read_shard(path("s.tar"));

  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(decode(location_of(trials[0])).waveform.samples.size(), 1000u);
}

TEST_F(Shard, SaysWhichRecordingIsEmpty) {
  const std::string tar = TarFile().add("x.wav", "").bytes();
  for (const std::string& bytes : {tar, gzipped(tar)}) {
    write("s.tar", bytes);
    const auto trials = read_shard(path("s.tar"));
    ASSERT_EQ(trials.size(), 1u);
    EXPECT_EQ(error_text([&] { decode(location_of(trials[0])); }),
              path("s.tar").native() + "/x.wav: an empty file");
  }
}

TEST_F(Shard, MayBeCompressed) {
  const std::string tar = TarFile()
                              .add("x.wav", sound(1000))
                              .add("x.json", R"({"label": "spoof"})")
                              .add("y.cls", "bonafide\n")
                              .add("y.wav", sound(2000))
                              .bytes();
  for (const std::string& bytes : {gzipped(tar), xzipped(tar), zstandard(tar)}) {
    write("s.tar.any", bytes);

    const auto trials = read_shard(path("s.tar.any"));

    ASSERT_EQ(trials.size(), 2u);
    EXPECT_EQ(trials[0].truth, Truth::kSpoof);
    EXPECT_EQ(trials[1].truth, Truth::kBonaFide);
    // In any order.
    EXPECT_EQ(decode(location_of(trials[1])).waveform.samples.size(), 2000u);
    EXPECT_EQ(decode(location_of(trials[0])).waveform.samples.size(), 1000u);
    write("s.tar.any", gzipped(TarFile().add("x.wav", sound(900)).bytes()));
    EXPECT_THROW(decode(location_of(trials[0])), Error);  // it has changed
  }
}

TEST_F(Shard, OfGreatLengthIsReadThroughAWindow) {
  TarFile tar;
  std::vector<size_t> lengths;
  for (size_t i = 0; i < 60; ++i) {  // 48 MB in all, more than what is kept
    lengths.push_back(400000 + i);
    tar.add(std::to_string(i) + ".wav", sound(lengths.back()));
  }
  write("s.tar.zst", zstandard(tar.bytes()));

  const auto trials = read_shard(path("s.tar.zst"));

  ASSERT_EQ(trials.size(), 60u);
  for (const size_t i : {0, 1, 2, 30, 28, 31, 59, 0, 59}) {
    EXPECT_EQ(decode(location_of(trials[i])).waveform.samples.size(), lengths[i]) << i;
  }
}

TEST_F(Shard, SaysWhereACompressedArchiveIsDamaged) {
  std::string noise;
  for (unsigned i = 0; i < 20000; ++i)
    noise.push_back(static_cast<char>(i * i * 2654435761u >> 24));
  const std::string tar = TarFile().add("x.wav", sound(100)).add("y.wav", noise).bytes();
  const std::string whole = gzipped(tar);
  EXPECT_EQ(complaint_about(whole.substr(0, whole.size() / 2)),
            "s.tar: member \"y.wav\": gzip: cut short");
  EXPECT_NE(complaint_about(gzipped(tar.substr(0, 9000))).find("member \"y.wav\": Truncated"),
            std::string::npos);
  std::string bad = whole;
  bad[bad.size() - 6] ^= 1;  // of the checksum
  EXPECT_NE(complaint_about(bad).find("incorrect data check"), std::string::npos);
}

TEST_F(Shard, CorpusReadsFoldersArchivesAndPatterns) {
  write("train/b-001.tar", TarFile().add("b.wav", sound(10)).add("b.cls", "spoof").bytes());
  write("train/b-000.tar", TarFile().add("a.wav", sound(10)).add("a.cls", "real").bytes());

  ASSERT_EQ(read("shards", "train").size(), 2u);
  EXPECT_EQ(read("shards", "train")[0].id, "a");
  EXPECT_EQ(read("shards", "train")[0].partition, "train");
  EXPECT_EQ(read("shards", "train/b-{000..001}.tar").size(), 2u);
  EXPECT_EQ(read("shards", "train/b-001.tar").size(), 1u);
  EXPECT_NE(complaint("shards", "train/b-{000..002}.tar").find("b-002.tar: No such file"),
            std::string::npos);
  write("more/d.tar.gz", gzipped(TarFile().add("d.wav", sound(10)).bytes()));
  EXPECT_EQ(read("shards", "more").size(), 1u);
  write("train/c.tar", TarFile().add("a.wav", sound(10)).bytes());
  EXPECT_NE(complaint("shards", "train").find("c.tar: \"a\" again"), std::string::npos);
}

TEST(ExpandBraces, KeepsLeadingZeros) {
  EXPECT_EQ(expand_braces("a-{08..10}.tar"),
            (std::vector<std::string>{"a-08.tar", "a-09.tar", "a-10.tar"}));
  EXPECT_EQ(expand_braces("a.tar"), std::vector<std::string>{"a.tar"});
  EXPECT_THROW(expand_braces("a-{1..99999999999}.tar"), UsageError);
  EXPECT_THROW(expand_braces("a-{2..1}"), UsageError);
  EXPECT_THROW(expand_braces("a-{x..y}"), UsageError);
  EXPECT_THROW(expand_braces("a-{1..2"), UsageError);
}

TEST_F(Shard, NamesWhatAFileThatIsNoArchiveReallyIs) {
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
      "\nsize 12\n";

  EXPECT_THAT(
      error_text<UsageError>([&] { parse_shard(std::as_bytes(std::span(pointer)), "s.tar"); }),
      testing::HasSubstr("a Git LFS pointer, not a tar archive"));
}

}  // namespace
}  // namespace bonafide
