#include "corpus/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

std::string complaint_about(std::string_view text) {
  return error_text<UsageError>([&] { parse_manifest(text, "list.csv"); });
}

TEST(Manifest, UnderstandsItsColumnsInAnyOrderAndPassesOverOthers) {
  const auto trials = parse_manifest(
      "mood,Label,path,speaker,system,split\ncalm,Genuine,a/b.wav,\"Doe, J\",,dev\n", "/d/m.csv");

  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(trials[0].id, "a/b.wav");
  EXPECT_EQ(trials[0].path, "/d/a/b.wav");
  EXPECT_EQ(trials[0].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[0].speaker, "Doe, J");
  EXPECT_EQ(trials[0].attack, "");
  EXPECT_EQ(trials[0].partition, "dev");
}

TEST(Manifest, ReadsMetaTablesThatCallThePathFile) {
  const auto trials = parse_manifest("file,speaker,label\r\n0.wav,A G,spoof\r\n", "meta.csv");

  EXPECT_EQ(trials.at(0).path, "0.wav");
  EXPECT_EQ(trials.at(0).truth, Truth::kSpoof);
}

TEST(Manifest, KeepsAbsolutePaths) {
  EXPECT_EQ(parse_manifest("path,label\n/x/a.wav,spoof\n", "/d/m.csv").at(0).path, "/x/a.wav");
}

TEST(Manifest, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_EQ(complaint_about(""), "list.csv: an empty file");
  EXPECT_EQ(complaint_about("path\na.wav\n"),
            "list.csv: line 1: the header has no column \"label\"");
  EXPECT_EQ(complaint_about("label\nspoof\n"),
            "list.csv: line 1: the header has no column \"path\"");
  EXPECT_EQ(complaint_about("path,label\n\na.wav,spoof,x\n"),
            "list.csv: line 3: 3 fields; the header has 2");
  EXPECT_EQ(complaint_about("path,label\na.wav,\n"),
            "list.csv: line 2: \"\" is not a label (bonafide or spoof)");
  EXPECT_EQ(complaint_about("path,label\na.wav,maybe\n"),
            "list.csv: line 2: \"maybe\" is not a label (bonafide or spoof)");
  EXPECT_EQ(complaint_about("path,label\na.wav,spoof\na.wav,spoof\n"),
            "list.csv: line 3: \"a.wav\" again (line 2 has it)");
  EXPECT_EQ(complaint_about("path,label\n,spoof\n"), "list.csv: line 2: an empty path");
}

TEST(Manifest, RefusesColumnsAndSpellingsThatContradictEachOther) {
  EXPECT_EQ(complaint_about("path,label,Label\na.wav,spoof,fake\nb.wav,spoof,real\n"),
            "list.csv: line 3: two values of \"label\": \"spoof\" and \"real\" (rename what means "
            "something else)");
  EXPECT_EQ(complaint_about("path,file,label\na.wav,b.wav,spoof\n").substr(0, 39),
            "list.csv: line 2: two values of \"path\":");
  EXPECT_EQ(complaint_about("id,path,label\n1,a.wav,spoof\n2,./x/../a.wav,real\n"),
            "list.csv: line 3: \"a.wav\" is bonafide, but spoof in line 2");
  EXPECT_EQ(parse_manifest("id,path,label\n1,a.wav,spoof\n2,./a.wav,spoof\n", "m.csv").size(), 2u);
}

TEST(Manifest, MayDoWithoutLabelsWhenAsked) {
  const auto trials = parse_manifest("path\na.wav\n", "m.csv", /*labels_needed=*/false);

  EXPECT_EQ(trials.at(0).truth, Truth::kUnknown);
}

TEST(Manifest, SaysTheLabelOfAVerificationTrialByItsKey) {
  const auto trials =
      parse_manifest("path,asv_key\na.wav,nontarget\nb.wav,spoof\nc.wav,\n", "m.csv",
                     /*labels_needed=*/false);

  EXPECT_EQ(label_of(trials.at(0).truth), Truth::kBonaFide);
  EXPECT_EQ(asv_key_of(trials.at(0)), Truth::kNontarget);
  EXPECT_EQ(asv_key_of(trials.at(1)), Truth::kSpoof);
  EXPECT_EQ(trials.at(2).truth, Truth::kUnknown);
}

TEST(Manifest, KnowsTheWordsOfKeysAndProtocols) {
  const std::string header = "utt,filename,cm-label,speaker_id,attack_label,codec_quality\n";
  const Trial trial = parse_manifest(header + "u,a.wav,spoof,ann,A07,1\n", "m.csv").at(0);
  EXPECT_EQ(trial.id, "u");
  EXPECT_EQ(trial.path, "a.wav");
  EXPECT_EQ(trial.speaker, "ann");
  EXPECT_EQ(trial.attack, "A07");
  EXPECT_EQ(condition(trial, "codec-quality"), "1");

  const auto said = [](const char* row) {
    return parse_manifest(row, "m.jsonl", /*labels_needed=*/false).at(0);
  };
  const Trial pair = said(R"({"wav": "a.wav", "Claim": "ann", "target01": 0})");
  EXPECT_EQ(pair.claimed_speaker, "ann");
  EXPECT_EQ(asv_key_of(pair), Truth::kNontarget);
  EXPECT_EQ(asv_key_of(said(R"({"wav": "a.wav", "sasv_label": 0})")), Truth::kSpoof);
}

TEST(Manifest, LeavesWordsOfOthersBesideItsOwnAlone) {
  const auto trials = parse_manifest(
      "path,filename,label,speaker,speaker_id,key,utterance,id\na.wav,b,spoof,ann,7,k,said,u\n",
      "m.csv");
  EXPECT_EQ(trials.at(0).path, "a.wav");
  EXPECT_EQ(trials.at(0).speaker, "ann");
  EXPECT_EQ(trials.at(0).id, "u");
}

TEST(Manifest, RefusesKeysThatContradictEachOther) {
  EXPECT_EQ(complaint_about("path,label,target01,asv_key\na.wav,real,1,nontarget\n"),
            "list.csv: line 2: the keys \"target\" and \"nontarget\" of a verification trial");
}

TEST(Manifest, RefusesALabelThatContradictsTheKey) {
  const std::string why = "the label \"spoof\" contradicts its asv_key \"target\"";
  EXPECT_EQ(complaint_about("path,label,asv_key\na.wav,spoof,target\n"),
            "list.csv: line 2: " + why);
  EXPECT_EQ(complaint_about("path,asv_key,label\na.wav,target,spoof\n"),
            "list.csv: line 2: " + why);
  EXPECT_NE(complaint_about("path,label,asv_key\na.wav,bonafide,spoof\n").find("contradicts"),
            std::string::npos);
}

Trial full_trial(const Scratch& scratch) {
  Trial trial{"ein ß", scratch / "a b.wav", Truth::kSpoof, "s\t1", "tts", "eval"};
  trial.codec = "alaw";
  trial.language = "de";
  trial.gender = "F";
  trial.source = "vcc2020";
  trial.conditions = {{"transmission", "ita_tx"}, {"vocoder", "x;y"}};
  trial.reference = scratch / "ref.wav";
  trial.claimed_speaker = "s2";
  trial.has_asv_key = true;
  trial.enrolments = std::make_shared<const std::vector<std::filesystem::path>>(
      std::vector<std::filesystem::path>{scratch / "e 1.wav", "/elsewhere/e2.wav"});
  return trial;
}

TEST(Manifest, OfEveryFormKeepsEveryField) {
  const Scratch scratch;
  Trial member{"m", scratch / "shard.tar", Truth::kBonaFide, "", "", ""};
  member.member = {"dir/m.flac", 1024, 7};
  for (const char* name : {"m.csv", "m.tsv", "m.jsonl"}) {
    SCOPED_TRACE(name);
    const Trial written = full_trial(scratch);
    write_manifest(scratch / name, {written, member});

    const auto trials = read_manifest(scratch / name);

    ASSERT_EQ(trials.size(), 2u);
    const Trial& read = trials[0];
    EXPECT_EQ(read.id, written.id);
    EXPECT_EQ(read.path, written.path);
    EXPECT_EQ(read.speaker, written.speaker);
    EXPECT_EQ(read.codec, written.codec);
    EXPECT_EQ(read.language, written.language);
    EXPECT_EQ(read.gender, written.gender);
    EXPECT_EQ(read.source, written.source);
    EXPECT_EQ(condition(read, "transmission"), "ita_tx");
    EXPECT_EQ(condition(read, "vocoder"), "x;y");
    EXPECT_EQ(read.reference, written.reference);
    EXPECT_EQ(read.claimed_speaker, "s2");
    EXPECT_EQ(asv_key_of(read), Truth::kSpoof);
    ASSERT_NE(read.enrolments, nullptr);
    EXPECT_EQ(*read.enrolments, *written.enrolments);
    EXPECT_EQ(trials[1].member, member.member);
    EXPECT_EQ(trials[1].enrolments, nullptr);
  }
}

TEST(Manifest, WritesOnlyTheColumnsThatSomeTrialHas) {
  const Scratch scratch;
  write_manifest(scratch / "m.csv", {{"a", scratch / "a.wav", Truth::kSpoof, "", "", ""}});

  EXPECT_EQ(read_text(scratch / "m.csv"),
            "id,path,label,speaker,attack,partition\na,a.wav,spoof,,,\n");
}

TEST(Manifest, LetsARecordingBeTriedAgainstSeveralSpeakers) {
  EXPECT_EQ(parse_manifest("path,label,claimed_speaker\na,real,s1\na,real,s2\n", "m.csv").size(),
            2u);
  EXPECT_EQ(complaint_about("path,label,claimed_speaker\na,real,s1\na,real,s1\n"),
            "list.csv: line 3: \"a as s1\" again (line 2 has it)");
}

TEST(Manifest, LetsPartitionsShareRecordings) {
  EXPECT_EQ(parse_manifest("path,label,partition\na,real,o\na,real,o-cleaned\n", "m.csv").size(),
            2u);
  EXPECT_EQ(complaint_about("path,label,partition\na,real,o\na,real,o\n"),
            "list.csv: line 3: \"a\" again (line 2 has it)");
}

TEST(Manifest, TakesADashForNothingAndGivesBonaFideNoAttack) {
  const auto table = parse_manifest(
      "path,label,speaker,attack\na.wav,bonafide,-,-\nb.wav,spoof,-,A01\nc.wav,real,s,real\n",
      "m.csv");
  const auto lines = parse_manifest(
      R"({"path": "a.wav", "label": "bonafide", "speaker": "-", "attack": "bonafide"})", "m.jsonl");

  EXPECT_EQ(table[0].speaker, "");
  EXPECT_EQ(table[0].attack, "");
  EXPECT_EQ(table[1].attack, "A01");
  EXPECT_EQ(table[2].attack, "");
  EXPECT_EQ(lines[0].speaker, "");
  EXPECT_EQ(lines[0].attack, "");
}

TEST(Manifest, ComesBackAsItWasWritten) {
  const Scratch scratch;
  const std::vector<Trial> written = {
      {"one", scratch / "audio/1.wav", Truth::kSpoof, "s1", "tts,a", "train"},
      {"two", "/elsewhere/2.wav", Truth::kBonaFide, "", "", "dev"}};

  write_manifest(scratch / "m.csv", written);
  const auto read = read_manifest(scratch / "m.csv");

  EXPECT_NE(read_text(scratch / "m.csv").find("one,audio/1.wav,spoof"), std::string::npos);
  ASSERT_EQ(read.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read[i].id, written[i].id);
    EXPECT_EQ(read[i].path, written[i].path);
    EXPECT_EQ(read[i].truth, written[i].truth);
    EXPECT_EQ(read[i].speaker, written[i].speaker);
    EXPECT_EQ(read[i].attack, written[i].attack);
    EXPECT_EQ(read[i].partition, written[i].partition);
  }
}

std::vector<Trial> read_manifest_corpus(const CorpusRequest& request) {
  return find_corpus("manifest").read(request);
}

std::vector<Trial> read_minicorpus(const CorpusRequest& request) {
  return find_corpus("minicorpus").read(request);
}

class ManifestCorpus : public testing::Test {
 protected:
  ManifestCorpus() {
    write_atomically(scratch_ / "manifest.csv",
                     "path,label,partition\na.wav,spoof,train\nb.wav,real,dev\nc.wav,real,train\n");
  }

  Scratch scratch_;
};

TEST_F(ManifestCorpus, TakesAManifestBelowTheRoot) {
  EXPECT_EQ(read_manifest_corpus({scratch_.path(), "manifest.csv"}).size(), 3u);
  EXPECT_EQ(read_manifest_corpus({"", (scratch_ / "manifest.csv").string()}).size(), 3u);
}

TEST_F(ManifestCorpus, TakesAPartitionOfARootThatIsAManifest) {
  EXPECT_EQ(read_manifest_corpus({scratch_ / "manifest.csv", "train"}).size(), 2u);
  EXPECT_EQ(read_manifest_corpus({scratch_ / "manifest.csv", ""}).size(), 3u);
  EXPECT_EQ(read_minicorpus({scratch_.path(), "dev"}).at(0).path, scratch_ / "b.wav");
}

TEST_F(ManifestCorpus, SaysWhichPartitionsThereAre) {
  EXPECT_THAT(error_text<UsageError>([&] {
                read_minicorpus({scratch_.path(), "test"});
              }),
              testing::HasSubstr("no partition \"test\" (there are: dev, train)"));
}

TEST_F(ManifestCorpus, CallsAMissingManifestAUsageError) {
  EXPECT_THROW(read_minicorpus({scratch_ / "nowhere", "dev"}), UsageError);
}

TEST(Manifest, ReadsTheStretchOfARecordingThatARowMeans) {
  const auto excerpt = [](std::string_view text, const char* name) {
    return parse_manifest(text, name).at(0).excerpt;
  };
  // SpeechBrain's tables count samples.
  EXPECT_EQ(excerpt("ID,duration,wav,start,stop,label\nu,4.0,a.wav,64000,128000,spoof\n", "m.csv"),
            (Excerpt{.begin = 64000, .end = 128000, .unit = Excerpt::Unit::kSamples}));
  EXPECT_EQ(excerpt("id\tpath\tstart\tend\tlabel\nu\ta.wav\t4.0\t8.0\tspoof\n", "m.tsv"),
            (Excerpt{.begin = 4, .end = 8}));
  EXPECT_EQ(excerpt("path,duration,label\na.wav,4,spoof\n", "m.csv"), std::nullopt);
  EXPECT_EQ(excerpt("path,start,end,label\na.wav,,,spoof\n", "m.csv"), std::nullopt);
}

TEST(Manifest, TellsTwoStretchesOfARecordingApart) {
  const char* text = "path,start,end,label\na.wav,0,1,spoof\na.wav,1,2,bonafide\n";

  const auto trials = parse_manifest(text, "m.csv");

  EXPECT_EQ(trials.at(0).id, "a.wav#t=0,1");
  EXPECT_EQ(trials.at(1).id, "a.wav#t=1,2");
  std::ostringstream out;
  write_manifest(out, ManifestForm::kCsv, trials, ".");
  EXPECT_EQ(parse_manifest(out.str(), "m.csv").at(1).excerpt, trials[1].excerpt);
}

}  // namespace
}  // namespace bonafide
