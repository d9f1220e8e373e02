#include "minicorpus/minicorpus.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "audio/decode.h"
#include "audio/telephone.h"
#include "augment/vowel.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus.h"
#include "minicorpus/sources.h"
#include "scratch.h"

namespace bonafide {
namespace {

// A /usr/share with a few self-made prompts of two speakers, and no synthesiser on PATH: the copies
// of the built-in Griffin-Lim (and of SPTK, where it is installed) are the spoofs.
class Minicorpus : public testing::Test {
 protected:
  Minicorpus() : path_(std::getenv("PATH")) {
    add_prompts("en-allison", 1);
    add_prompts("it-carlo", 2);
    ::setenv("PATH", "/nonexistent", 1);
  }
  ~Minicorpus() override { ::setenv("PATH", path_.c_str(), 1); }

  void add_prompts(const char* id, uint64_t seed) {
    const auto folder = share_ / find_human_source(id).folder.string();
    std::filesystem::create_directories(folder);
    for (uint64_t i = 0; i < 6; ++i) {
      const auto bytes = encode_g722(make_vowel(1.2, 16000, 10 * seed + i));
      write_atomically(folder / (std::to_string(i) + ".g722"),
                       std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    }
  }

  MinicorpusOptions options(const char* folder) const {
    return {.folder = scratch_ / folder,
            .scale = 0.01,
            .seed = 1,
            .threads = 1,
            .share = share_.path()};
  }

  std::map<std::string, std::string> files_of(const char* folder) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch_ / folder)) {
      if (!entry.is_regular_file()) continue;
      files[entry.path().lexically_relative(scratch_ / folder).string()] = read_text(entry.path());
    }
    return files;
  }

  Scratch share_;
  Scratch scratch_;
  std::string path_;
  NoProgress progress_;
};

TEST_F(Minicorpus, IsAsItsManifestSays) {
  const MinicorpusReport report = make_minicorpus(options("corpus"), progress_);

  EXPECT_TRUE(report.reasons.empty()) << report.reasons.front();
  const auto train = find_corpus("minicorpus").read({scratch_ / "corpus", "train"});
  size_t bona_fide = 0, spoof = 0;
  for (const Trial& trial : train) {
    ++(is_bona_fide(trial.truth) ? bona_fide : spoof);
    EXPECT_EQ(trial.speaker, "allison");
    EXPECT_EQ(trial.attack.empty(), is_bona_fide(trial.truth));
    const Recording recording = decode(trial.path);
    EXPECT_EQ(recording.file_sample_rate, 16000);
    EXPECT_GE(recording.waveform.seconds(), 2.99);
    EXPECT_LT(recording.waveform.seconds(), 5);
  }
  EXPECT_EQ(bona_fide, 2u);
  EXPECT_EQ(spoof, 5u);  // 3 by SPTK or in its place, 2 by Griffin-Lim
}

TEST_F(Minicorpus, GivesACopyTheLengthOfItsOriginal) {
  const MiniPlan plan = plan_minicorpus(options("corpus"));
  make_minicorpus(options("corpus"), progress_);

  std::map<std::string, const MiniUtterance*> by_id;
  for (const MiniUtterance& utterance : plan.utterances) by_id[utterance.trial.id] = &utterance;
  size_t copies = 0;
  for (const MiniUtterance& utterance : plan.utterances) {
    if (utterance.copy == nullptr) continue;
    ++copies;
    const MiniUtterance& original = *by_id.at(utterance.length_of);
    EXPECT_EQ(utterance.trial.speaker, original.trial.speaker);
    EXPECT_EQ(decode(utterance.trial.path).waveform.samples.size(),
              decode(original.trial.path).waveform.samples.size());
  }
  EXPECT_GT(copies, 0u);
}

TEST_F(Minicorpus, IsTheSameForAnyNumberOfThreadsAndAnotherForAnotherSeed) {
  make_minicorpus(options("one"), progress_);
  auto three_threads = options("three");
  three_threads.threads = 3;
  make_minicorpus(three_threads, progress_);
  auto other_seed = options("other");
  other_seed.seed = 2;
  make_minicorpus(other_seed, progress_);

  EXPECT_EQ(files_of("one"), files_of("three"));
  EXPECT_NE(files_of("one")["train/train-en-allison-0000.flac"],
            files_of("other")["train/train-en-allison-0000.flac"]);
}

TEST_F(Minicorpus, MakesOnlyWhatIsNotThereYet) {
  make_minicorpus(options("corpus"), progress_);
  const auto before = files_of("corpus");
  const auto lost = scratch_ / "corpus/train/train-en-allison-0001.flac";
  const auto kept = scratch_ / "corpus/train/train-en-allison-0000.flac";
  std::filesystem::remove(lost);
  const auto time = std::filesystem::last_write_time(kept);

  make_minicorpus(options("corpus"), progress_);

  EXPECT_EQ(files_of("corpus"), before);
  EXPECT_EQ(std::filesystem::last_write_time(kept), time);
}

TEST_F(Minicorpus, NeverMixesTwoSettingsOrTouchesOtherFiles) {
  make_minicorpus(options("corpus"), progress_);
  auto other = options("corpus");
  other.seed = 2;
  EXPECT_THROW(make_minicorpus(other, progress_), UsageError);

  std::filesystem::create_directories(scratch_ / "home");
  write_atomically(scratch_ / "home/thesis.txt", "precious");
  EXPECT_THROW(make_minicorpus(options("home"), progress_), UsageError);
}

TEST_F(Minicorpus, NamesThePackagesThatAreMissing) {
  const MiniPlan plan = plan_minicorpus(options("corpus"));

  for (const char* package :
       {"festvox-ru", "klettres-data", "flite", "espeak-ng", "festvox-itapc16k"}) {
    EXPECT_EQ(plan.missing.count(package), 1u) << package;
  }
  EXPECT_EQ(plan.missing.count("asterisk-core-sounds-en-g722"), 0u);
}

TEST_F(Minicorpus, NeedsHumanRecordings) {
  auto nowhere = options("corpus");
  nowhere.share = scratch_ / "empty";
  EXPECT_THROW(plan_minicorpus(nowhere), Error);
}

TEST_F(Minicorpus, HasLicencesInItsNotes) {
  make_minicorpus(options("corpus"), progress_);

  EXPECT_NE(read_text(scratch_ / "corpus/README.txt").find("CC BY-SA 3.0"), std::string::npos);
  EXPECT_NE(
      read_text(scratch_ / "corpus/manifest.csv").find("asterisk-core-sounds-it-g722,CC BY 3.0"),
      std::string::npos);
}

}  // namespace
}  // namespace bonafide
