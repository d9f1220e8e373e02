#include <map>

#include "corpus/tree.h"

namespace bonafide {
namespace {

class FolderSets : public Tree {
 protected:
  // By id.
  std::map<std::string, Trial> read_map(std::string_view corpus, const std::string& part = "") {
    std::map<std::string, Trial> trials;
    for (Trial& trial : read(corpus, part)) trials[trial.id] = trial;
    return trials;
  }
};

TEST_F(FolderSets, WaveFakeIsSpoofedBesideTheVoicesItWasMadeFrom) {
  touch({"generated_audio/ljspeech_melgan/LJ001.wav", "generated_audio/readme.txt",
         "generated_audio/stray.wav", "LJSpeech-1.1/wavs/LJ001.wav"});

  const auto trials = read("wavefake");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].id, "generated_audio/ljspeech_melgan/LJ001.wav");
  EXPECT_EQ(trials[0].truth, Truth::kSpoof);
  EXPECT_EQ(trials[0].attack, "ljspeech_melgan");
  EXPECT_EQ(trials[0].source, "ljspeech");
  EXPECT_EQ(trials[1].truth, Truth::kBonaFide);
}

TEST_F(FolderSets, FakeOrRealIsLabelledByFolder) {
  touch({"training/real/a.wav", "training/fake/b.mp3", "testing/real/c.wav"});

  const auto trials = read_map("fake-or-real", "training");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials.at("training/real/a.wav").truth, Truth::kBonaFide);
  EXPECT_EQ(trials.at("training/fake/b.mp3").truth, Truth::kSpoof);
  EXPECT_NE(complaint("fake-or-real", "validation").find("no such folder"), std::string::npos);
}

TEST_F(FolderSets, NoteWhatNoRuleKnowsAndWhatCannotBeRead) {
  touch({"training/fake/b.wav", "training/Real/a.wav", "elsewhere/x.wav", "training/._b.wav"});
  std::filesystem::create_symlink("gone", path("training/real"));
  std::filesystem::create_symlink("../../elsewhere", path("training/fake/more"));
  Leftovers leftovers;

  const auto trials = find_corpus("fake-or-real").read({root_.path(), "training", {}, &leftovers});

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[1].id, "training/fake/more/x.wav");
  EXPECT_EQ(leftovers.lines(),
            (std::vector<std::string>{
                "not read: 1 recordings in folders that are none of the data set (" +
                    path("training/Real/a.wav").native() + ")",
                path("training/real").native() + ": a link to gone, which is not there"}));
}

TEST_F(FolderSets, DoNotNoteWhatAnotherPartTakes) {
  touch({"DATASET_VCTK_BONAFIDE/train/p1_1.wav", "DATASET_VCTK_BONAFIDE/test/p1_2.wav",
         "DATASET_VCTK_BONAFIDE/other/p1_3.wav"});
  Leftovers leftovers;

  EXPECT_EQ(find_corpus("dfadd").read({root_.path(), "train", {}, &leftovers}).size(), 1u);
  EXPECT_EQ(leftovers.count(), 1u);
}

TEST_F(FolderSets, LibriSeVocTellsVocoderAndSpeaker) {
  touch({"gt/1034_1_2_3.wav", "wavenet/1034_1_2_3_gen.wav", "diffwave/x_gen.wav"});

  const auto trials = read_map("librisevoc");

  ASSERT_EQ(trials.size(), 3u);
  EXPECT_EQ(trials.at("gt/1034_1_2_3.wav").truth, Truth::kBonaFide);
  EXPECT_EQ(trials.at("wavenet/1034_1_2_3_gen.wav").attack, "wavenet");
  EXPECT_EQ(trials.at("wavenet/1034_1_2_3_gen.wav").speaker, "1034");
  EXPECT_EQ(trials.at("diffwave/x_gen.wav").speaker, "");
}

// A folder too high, its own name would be an attack and all of it spoofed.
TEST_F(FolderSets, LibriSeVocAndSonarLeaveOutFoldersThatTheyDoNotKnow) {
  touch({"LibriSeVoc/gt/1_1.wav", "SONAR/real_samples/a.wav"});
  EXPECT_NE(complaint("librisevoc").find("no recordings where they are expected"),
            std::string::npos);
  EXPECT_NE(complaint("sonar").find("no recordings where they are expected"), std::string::npos);

  touch({"gt/1_1.wav", "backup/1_1.wav", "real_samples/b.wav"});
  EXPECT_EQ(read("librisevoc").size(), 1u);
  EXPECT_EQ(read("sonar").size(), 1u);
}

TEST_F(FolderSets, MlaadKeepsBlanksInNamesOfModels) {
  touch({"fake/de/OpenAI TTS-1 HD/ä 1.wav", "fake/de/OpenAI TTS-1 HD/meta.csv"});

  const auto trials = read("mlaad");

  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(trials[0].id, "fake/de/OpenAI TTS-1 HD/ä 1.wav");
  EXPECT_EQ(trials[0].attack, "OpenAI TTS-1 HD");
  EXPECT_EQ(trials[0].language, "de");
}

TEST_F(FolderSets, MAilabsTellsLanguageGenderAndSpeaker) {
  touch({"de_DE/by_book/female/eva_k/book/wavs/1.wav", "de_DE/by_book/mix/book/wavs/2.wav",
         "fr_FR/other/3.wav"});

  const auto trials = read("m-ailabs");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].language, "de_DE");
  EXPECT_EQ(trials[0].gender, "female");
  EXPECT_EQ(trials[0].speaker, "eva_k");
  EXPECT_EQ(trials[0].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[1].speaker, "");
}

TEST_F(FolderSets, SonarTakesItsSourcesByName) {
  touch({"real_samples/a.wav", "OpenAI/b.wav"});

  const auto trials = read_map("sonar");

  EXPECT_EQ(trials.at("real_samples/a.wav").truth, Truth::kBonaFide);
  EXPECT_EQ(trials.at("OpenAI/b.wav").attack, "OpenAI");
}

TEST_F(FolderSets, CdAddNamesFilesAfterTheirGenerator) {
  const std::string libri = "dataset_LibriTTS/dataset_clean_v2/dev-clean/1673/143396/1673_1/";
  const std::string ted = "dataset_TED-LIUM/dataset_ted/BillGates_2010/BillGates_2010_104/";
  touch({libri + "real.wav", libri + "yourTTS.wav", ted + "real.wav", ted + "valle.wav"});

  const auto all = read_map("cd-add");
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all.at(libri + "real.wav").truth, Truth::kBonaFide);
  EXPECT_EQ(all.at(libri + "yourTTS.wav").attack, "yourTTS");
  EXPECT_EQ(all.at(libri + "yourTTS.wav").speaker, "1673");
  EXPECT_EQ(all.at(libri + "yourTTS.wav").partition, "dev-clean");

  const auto talks = read_map("cd-add", "test-TED");
  ASSERT_EQ(talks.size(), 2u);
  EXPECT_EQ(talks.at(ted + "real.wav").truth, Truth::kBonaFide);
  EXPECT_EQ(talks.at(ted + "valle.wav").speaker, "BillGates_2010");
}

TEST_F(FolderSets, HablaHasRealVoicesByCountryAndSpeaker) {
  touch({"FinalDataset_16khz/Real/Chile/clf_07508/clf_07508_1.wav",
         "FinalDataset_16khz/CycleGAN/Venezuela-Chile/vem_1-clf_2/x.wav",
         "FinalDataset_16khz/TTS/Peru/TTS-pef_1_2.wav"});

  const auto trials = read_map("habla");

  ASSERT_EQ(trials.size(), 3u);
  const auto& real = trials.at("FinalDataset_16khz/Real/Chile/clf_07508/clf_07508_1.wav");
  EXPECT_EQ(real.truth, Truth::kBonaFide);
  EXPECT_EQ(real.speaker, "clf_07508");
  EXPECT_EQ(trials.at("FinalDataset_16khz/TTS/Peru/TTS-pef_1_2.wav").attack, "TTS");
}

TEST_F(FolderSets, CfadHasVersionsOfEachPart) {
  touch({"codec_version/test_seen_codec/fake_codec/gl/1.wav",
         "codec_version/test_seen_codec/real_codec/aishell1/2.wav"});

  const auto trials = read("cfad", "codec/test_seen");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].attack, "gl");
  EXPECT_EQ(trials[1].truth, Truth::kBonaFide);
  EXPECT_EQ(trials[1].source, "aishell1");
  EXPECT_EQ(condition(trials[1], "version"), "codec");
}

TEST_F(FolderSets, DfaddIsDividedWithinEachDataset) {
  touch({"DATASET_GradTTS/test/p227_001_GradTTS.wav", "DATASET_VCTK_BONAFIDE/test/p227_001.wav",
         "DATASET_GradTTS/train/2.wav"});

  const auto trials = read("dfadd", "test");

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].attack, "GradTTS");
  EXPECT_EQ(trials[0].speaker, "p227");
  EXPECT_EQ(trials[1].truth, Truth::kBonaFide);
}

TEST_F(FolderSets, NoiseAndRoomsHaveNoLabels) {
  touch({"noise/free-sound/n.wav", "simulated_rirs/smallroom/Room001/r.wav",
         "real_rirs_isotropic_noises/q.wav"});

  EXPECT_EQ(read("musan", "noise").at(0).truth, Truth::kUnknown);
  EXPECT_EQ(read("musan", "noise").at(0).source, "free-sound");
  EXPECT_EQ(read("rirs-noises", "smallroom").at(0).id, "simulated_rirs/smallroom/Room001/r.wav");
  EXPECT_EQ(read("rirs-noises", "real").size(), 1u);
}

TEST_F(FolderSets, AnEmptyFolderIsSaidToBeEmpty) {
  std::filesystem::create_directories(path("fake/de"));

  EXPECT_NE(complaint("mlaad").find("no recordings where they are expected"), std::string::npos);
}

}  // namespace
}  // namespace bonafide
