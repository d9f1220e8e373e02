#include "scoring/scorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <limits>

#include "audio/sound_files.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "scoring/input_loader.h"

namespace bonafide {
namespace {

constexpr size_t kWindow = 1600;

// Says of a window its first sample in 16-bit steps, and remembers sizes.
class FirstSample : public Backend {
 public:
  std::vector<Opinion> run(std::span<const Question> questions) override {
    batches.push_back(questions.size());
    std::vector<Opinion> opinions;
    for (const auto& [window, reference] : questions) {
      lengths.push_back(window.size());
      opinions.push_back({window.front() * 32768, {}});
    }
    return opinions;
  }
  size_t best_batch() const override { return 3; }

  std::vector<size_t> batches;
  std::vector<size_t> lengths;  // of the windows
};

class NotANumber : public Backend {
 public:
  std::vector<Opinion> run(std::span<const Question> questions) override {
    return std::vector<Opinion>(questions.size(), {std::numeric_limits<double>::quiet_NaN(), {}});
  }
};

// Fails for a batch with a window that begins with 13, as a foreign network may.
class Superstitious : public FirstSample {
 public:
  std::vector<Opinion> run(std::span<const Question> questions) override {
    for (const auto& [window, reference] : questions) {
      if (window.front() * 32768 == 13) throw Error("thirteen");
    }
    return FirstSample::run(questions);
  }
};

class Misdescribed : public Backend {
 public:
  std::vector<Opinion> run(std::span<const Question>) override { throw UsageError("model.rule"); }
};

ScoringOptions options() {
  ScoringOptions result;
  result.samples = kWindow;
  result.batch_size = 4;
  return result;
}

// A recording whose windows begin with the given numbers; the last one has `last` samples.
void write_recording(const std::filesystem::path& path, const std::vector<int16_t>& starts,
                     size_t last = kWindow) {
  Wav wav{.samples = {}};
  for (const int16_t start : starts) {
    wav.samples.push_back(start);
    wav.samples.insert(wav.samples.end(), kWindow - 1, 77);
  }
  wav.samples.resize(wav.samples.size() - kWindow + last);
  write_bytes(path, wav.bytes());
}

std::vector<Input> inputs_of(const std::vector<std::filesystem::path>& files) {
  std::vector<Input> inputs;
  for (const auto& file : files) inputs.push_back({file});
  return inputs;
}

std::vector<ScoreRow> score(const std::vector<std::filesystem::path>& files, Backend& backend,
                            const ScoringOptions& scoring_options) {
  NoProgress progress;
  std::vector<ScoreRow> rows;
  const std::vector<Input> inputs = inputs_of(files);
  score_inputs(inputs, backend, scoring_options, progress,
               [&](const ScoreRow& row) { rows.push_back(row); });
  return rows;
}

TEST(Scorer, KeepsTheOrderOfTheInputsWhateverTheBatchAndThreads) {
  Scratch folder;
  std::vector<std::filesystem::path> files;
  for (int16_t i = 0; i < 11; ++i) {
    files.push_back(folder / ("f" + std::to_string(i)));
    if (i % 4 != 1) write_recording(files.back(), {i});
  }

  for (const size_t batch_size : {1, 3, 8, 100}) {
    for (const size_t loaders : {1, 4}) {
      FirstSample backend;
      ScoringOptions scoring_options = options();
      scoring_options.batch_size = batch_size;
      scoring_options.loaders = loaders;

      const auto rows = score(files, backend, scoring_options);

      ASSERT_EQ(rows.size(), files.size());
      for (size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(rows[i].file, files[i].native());
        EXPECT_EQ(rows[i].score, i % 4 == 1 ? std::nullopt : std::optional<double>(i));
      }
    }
  }
}

TEST(Scorer, GathersWindowsIntoBatches) {
  Scratch folder;
  write_recording(folder / "a", {1});
  FirstSample backend;

  score(std::vector<std::filesystem::path>(10, folder / "a"), backend, options());

  EXPECT_EQ(backend.batches, (std::vector<size_t>{4, 4, 2}));
}

TEST(Scorer, GathersAsManyWindowsAsTheModelDoesBestUnlessToldHowMany) {
  Scratch folder;
  write_recording(folder / "a", {1});
  FirstSample backend;
  ScoringOptions scoring_options = options();
  scoring_options.batch_size = 0;

  score(std::vector<std::filesystem::path>(7, folder / "a"), backend, scoring_options);

  EXPECT_EQ(backend.batches, (std::vector<size_t>{3, 3, 1}));
}

TEST(Scorer, SaysWhyAFileHasNoScoreAndGoesOn) {
  Scratch folder;
  write_bytes(folder / "text.wav", "hello");
  write_recording(folder / "good.wav", {5});
  FirstSample backend;
  NoProgress progress;
  std::vector<ScoreRow> rows;

  const ScoringSummary summary =
      score_inputs(inputs_of({folder / "text.wav", folder / "missing.wav", folder / "good.wav"}),
                   backend, options(), progress, [&](const ScoreRow& row) { rows.push_back(row); });

  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].detail, "looks like text, not audio");
  EXPECT_EQ(rows[1].detail, "No such file or directory");
  EXPECT_EQ(rows[2].score, 5);
  EXPECT_EQ(summary.scored, 1U);
  EXPECT_EQ(summary.failed, 2U);
  EXPECT_FALSE(summary.interrupted);
}

TEST(Scorer, GoesOnWhereTheModelFailsForOneRecording) {
  Scratch folder;
  std::vector<std::filesystem::path> files;
  for (const int16_t start : std::vector<int16_t>{11, 12, 13, 14, 15}) {
    files.push_back(folder / ("f" + std::to_string(start)));
    write_recording(files.back(), {start});
  }
  for (const size_t batch_size : {1, 4}) {
    Superstitious backend;
    ScoringOptions scoring_options = options();
    scoring_options.batch_size = batch_size;

    const auto rows = score(files, backend, scoring_options);

    ASSERT_EQ(rows.size(), files.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i == 2) {
        EXPECT_FALSE(rows[i].score.has_value());
        EXPECT_EQ(rows[i].detail, "thirteen");
      } else {
        EXPECT_EQ(rows[i].score, 11.0 + static_cast<double>(i));
        EXPECT_EQ(rows[i].detail, "");
      }
    }
  }
  Misdescribed backend;
  EXPECT_THROW(score(files, backend, options()), UsageError);
}

TEST(Scorer, DoesNotOpenAnInputThatIsInTrouble) {
  Scratch folder;
  write_recording(folder / "a.wav", {5});
  FirstSample backend;
  NoProgress progress;
  std::vector<ScoreRow> rows;

  const ScoringSummary summary = score_inputs(
      std::vector<Input>{{folder / "a.wav", "a blank in the name"}, {folder / "a.wav"}}, backend,
      options(), progress, [&](const ScoreRow& row) { rows.push_back(row); });

  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].detail, "a blank in the name");
  EXPECT_EQ(rows[0].file, (folder / "a.wav").native());
  EXPECT_FALSE(rows[0].score);
  EXPECT_EQ(rows[1].score, 5);
  EXPECT_EQ(summary.scored, 1U);
  EXPECT_EQ(summary.failed, 1U);
}

TEST(Scorer, PassesWarningsOn) {
  Scratch folder;
  Wav wav{.data_size = 5000, .samples = std::vector<int16_t>(kWindow, 9)};
  wav.samples[0] = 3;
  write_bytes(folder / "a.wav", wav.bytes());
  FirstSample backend;

  const auto rows = score({folder / "a.wav"}, backend, options());

  EXPECT_EQ(rows[0].detail, "truncated: 1800 bytes fewer than the header promises");
  EXPECT_EQ(rows[0].score, 3);
  EXPECT_DOUBLE_EQ(rows[0].seconds, 0.1);
}

TEST(Scorer, PassesTheWarningsOfAKeptRecordingOnEachTime) {
  Scratch folder;
  write_bytes(folder / "cut.wav",
              Wav{.data_size = 9000, .samples = std::vector<int16_t>(kWindow, 7)}.bytes());
  FirstSample backend;
  ScoringOptions scoring_options = options();
  const std::string fresh = score({folder / "cut.wav"}, backend, scoring_options)[0].detail;
  EXPECT_THAT(fresh, testing::HasSubstr("truncated"));

  const AudioCache cache(folder / "cache");
  scoring_options.cache = &cache;
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(score({folder / "cut.wav"}, backend, scoring_options)[0].detail, fresh);
  }
}

TEST(Scorer, RefusesARecordingTooShortToHoldSpeech) {
  Scratch folder;
  write_bytes(folder / "a.wav", Wav{.samples = {1}}.bytes());
  FirstSample backend;

  const auto rows = score({folder / "a.wav"}, backend, options());

  EXPECT_FALSE(rows[0].score);
  EXPECT_EQ(rows[0].detail, "0.1 ms of audio; at least 20 ms are needed");
}

TEST(Scorer, GivesCalibratedOpinions) {
  Scratch folder;
  write_recording(folder / "a.wav", {3});
  FirstSample backend;
  ScoringOptions scoring_options = options();
  scoring_options.calibration = Calibration{.scale = 2, .bias = -1};

  const auto rows = score({folder / "a.wav"}, backend, scoring_options);

  EXPECT_EQ(rows[0].llr, 5);
  EXPECT_NEAR(rows[0].probability.value(), 0.993307, 1e-6);
  EXPECT_EQ(rows[0].verdict, Verdict::kBonaFide);
}

TEST(Scorer, GivesNoVerdictOfSilence) {
  Scratch folder;
  write_bytes(folder / "a.wav", Wav{.samples = std::vector<int16_t>(kWindow, 0)}.bytes());
  FirstSample backend;
  ScoringOptions scoring_options = options();
  scoring_options.calibration = Calibration{.bias = 10};

  const auto rows = score({folder / "a.wav"}, backend, scoring_options);

  EXPECT_EQ(rows[0].score, 0);
  EXPECT_FALSE(rows[0].llr);
  EXPECT_FALSE(rows[0].probability);
  EXPECT_EQ(rows[0].verdict, Verdict::kInconclusive);
  EXPECT_EQ(rows[0].detail, "digital silence");
}

TEST(Scorer, GivesNoVerdictWhereOnlyTheScoredStretchIsSilent) {
  Scratch folder;
  std::vector<int16_t> speech(2 * kWindow, 0);
  for (size_t i = kWindow; i < speech.size(); ++i) speech[i] = static_cast<int16_t>(i % 100);
  write_bytes(folder / "a.wav", Wav{.samples = speech}.bytes());
  std::reverse(speech.begin(), speech.end());
  write_bytes(folder / "b.wav", Wav{.samples = speech}.bytes());
  ScoringOptions scoring_options = options();
  scoring_options.calibration = Calibration{.bias = 10};

  for (const bool segments : {false, true}) {
    FirstSample backend;
    scoring_options.segments = segments;

    const auto rows = score({folder / "a.wav", folder / "b.wav"}, backend, scoring_options);

    EXPECT_EQ(rows[0].score, 0);
    EXPECT_FALSE(rows[0].llr);
    EXPECT_FALSE(rows[0].probability);
    EXPECT_EQ(rows[0].verdict, Verdict::kInconclusive);
    EXPECT_EQ(rows[0].detail, "digital silence in the scored stretch");
    EXPECT_EQ(rows[1].verdict, Verdict::kBonaFide);
    EXPECT_EQ(rows[1].detail, "");
    if (!segments) continue;
    EXPECT_EQ(rows[0].segments.at(0).detail, "digital silence");
    EXPECT_EQ(rows[0].segments.at(1).detail, "");
    EXPECT_EQ(rows[1].segments.at(1).detail, "digital silence");
  }
}

TEST(Scorer, NeverGivesANumberThatIsNone) {
  Scratch folder;
  write_recording(folder / "a.wav", {3});
  NotANumber backend;

  const auto rows = score({folder / "a.wav"}, backend, options());

  EXPECT_FALSE(rows[0].score);
  EXPECT_EQ(rows[0].detail, "the model's score is nan");
}

TEST(Scorer, ScoresEverySegmentAndTheFileByItsFirstWindow) {
  Scratch folder;
  write_recording(folder / "a.wav", {1, 2, 3, 4, 5, 6}, kWindow / 4);
  FirstSample backend;
  ScoringOptions scoring_options = options();
  scoring_options.segments = true;

  const auto rows = score({folder / "a.wav", folder / "a.wav"}, backend, scoring_options);

  ASSERT_EQ(rows.size(), 2U);
  for (const ScoreRow& row : rows) {
    EXPECT_EQ(row.score, 1);
    ASSERT_EQ(row.segments.size(), 6U);
    EXPECT_EQ(row.segments[1].score, 2);
    EXPECT_DOUBLE_EQ(row.segments[1].start, 0.1);
    EXPECT_DOUBLE_EQ(row.segments[1].end, 0.2);
    EXPECT_EQ(row.segments[5].score, 6);
    EXPECT_DOUBLE_EQ(row.segments[5].end, 0.525);
  }
  EXPECT_EQ(backend.batches, (std::vector<size_t>{4, 4, 4}));
}

TEST(Scorer, HandsOverAtMostAWindowAndNeverMoreThanThereIs) {
  Scratch folder;
  write_recording(folder / "long.wav", {1, 2});
  write_recording(folder / "short.wav", {3}, kWindow / 2);
  FirstSample backend;

  score({folder / "long.wav", folder / "short.wav"}, backend, options());

  EXPECT_EQ(backend.lengths, (std::vector<size_t>{kWindow, kWindow / 2}));
}

TEST(SegmentStarts, DropsARestShorterThanAQuarterUnlessItIsAll) {
  using Starts = std::vector<size_t>;

  EXPECT_EQ(segment_starts(1, 100), (Starts{0}));
  EXPECT_EQ(segment_starts(100, 100), (Starts{0}));
  EXPECT_EQ(segment_starts(124, 100), (Starts{0}));
  EXPECT_EQ(segment_starts(125, 100), (Starts{0, 100}));
  EXPECT_EQ(segment_starts(300, 100), (Starts{0, 100, 200}));
}

// Its process is asked to stop after the first batch.
class Interrupting : public FirstSample {
 public:
  std::vector<Opinion> run(std::span<const Question> questions) override {
    std::raise(SIGINT);
    return FirstSample::run(questions);
  }
};

TEST(ScorerDeathTest, KeepsTheRowsSoFarWhenInterrupted) {
  Scratch folder;
  write_recording(folder / "a.wav", {3});
  const std::vector<std::filesystem::path> files(100, folder / "a.wav");

  EXPECT_EXIT(
      {
        watch_for_interrupts();
        Interrupting backend;
        NoProgress progress;
        size_t rows = 0;
        const ScoringSummary summary = score_inputs(inputs_of(files), backend, options(), progress,
                                                    [&](const ScoreRow&) { ++rows; });
        std::_Exit(summary.interrupted && rows == 4 && summary.scored == 4 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(ScoreFiles, BatchesOneLengthAtATimeWithoutChangingRowsOrTheirOrder) {
  Scratch folder;
  std::vector<std::filesystem::path> files;
  for (int16_t i = 0; i < 20; ++i) {
    files.push_back(folder / ("f" + std::to_string(i) + ".wav"));
    write_recording(files.back(), {i, static_cast<int16_t>(100 + i)},
                    kWindow / 2 + 10 * (static_cast<size_t>(i) % 3));
  }
  files[7] = folder / "missing.wav";
  ScoringOptions plain = options();
  plain.segments = true;
  ScoringOptions bucketed = plain;
  bucketed.buckets = 3;

  FirstSample one, two;
  const auto expected = score(files, one, plain);
  const auto rows = score(files, two, bucketed);

  ASSERT_EQ(rows.size(), expected.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].file, expected[i].file);
    EXPECT_EQ(rows[i].score, expected[i].score);
    ASSERT_EQ(rows[i].segments.size(), expected[i].segments.size());
    for (size_t j = 0; j < rows[i].segments.size(); ++j) {
      EXPECT_EQ(rows[i].segments[j].score, expected[i].segments[j].score);
    }
  }
  size_t at = 0;
  for (const size_t batch : two.batches) {
    EXPECT_LE(batch, 4U);
    for (size_t i = 1; i < batch; ++i) EXPECT_EQ(two.lengths[at + i], two.lengths[at]);
    at += batch;
  }
  EXPECT_LT(two.batches.size(), two.lengths.size());
}

TEST(Scorer, TakesTheScoreOverAllWindowsWhenTold) {
  Scratch folder;
  write_recording(folder / "a", {8, 2, 5});
  FirstSample backend;
  ScoringOptions scoring_options = options();

  scoring_options.over = Over::kMean;
  EXPECT_EQ(score({folder / "a"}, backend, scoring_options)[0].score, 5);
  scoring_options.over = Over::kWorst;
  const auto rows = score({folder / "a"}, backend, scoring_options);
  EXPECT_EQ(rows[0].score, 2);
  EXPECT_EQ(rows[0].detail, "over worst: 3 windows, at 0.10 s");
  EXPECT_TRUE(rows[0].segments.empty());
}

TEST(Scorer, TakesTheMiddleOfALongRecordingWhenTheModelDoes) {
  Scratch folder;
  write_recording(folder / "a", {8, 2, 5});
  FirstSample backend;
  ScoringOptions scoring_options = options();
  scoring_options.stretch = Stretch::kMiddle;

  EXPECT_EQ(score({folder / "a"}, backend, scoring_options)[0].score, 2);
  scoring_options.segments = true;
  const auto rows = score({folder / "a"}, backend, scoring_options);
  EXPECT_EQ(rows[0].score, 2) << "as without segments";
  ASSERT_EQ(rows[0].segments.size(), 3U);
  EXPECT_EQ(rows[0].segments[0].score, 8);
}

// Says how many windows it was asked about, and fails for a batch with a 13.
class ByBatch : public Superstitious {
 public:
  std::vector<Opinion> run(std::span<const Question> questions) override {
    Superstitious::run(questions);
    return std::vector<Opinion>(questions.size(), {static_cast<double>(questions.size())});
  }
  bool judges_alone() const override { return false; }
};

TEST(Scorer, LeavesBatchesWholeForModelsThatJudgeByThem) {
  Scratch folder;
  write_recording(folder / "good", {1});
  write_recording(folder / "bad", {13});
  ByBatch backend;

  const auto rows = score({folder / "good", folder / "good", folder / "good", folder / "good",
                           folder / "good", folder / "bad"},
                          backend, options());

  EXPECT_EQ(rows[3].score, 4);
  EXPECT_EQ(rows[4].score, std::nullopt) << "its batch failed";
  EXPECT_EQ(rows[4].detail, "thirteen");
}

class EqualLengths : public FirstSample {
 public:
  bool wants_equal_lengths() const override { return true; }
};

TEST(Scorer, KeepsWindowsOfDifferentLengthsApartForModelsThatWantIt) {
  Scratch folder;
  write_recording(folder / "long", {1});
  write_recording(folder / "short", {2}, kWindow / 2);
  EqualLengths backend;

  const auto rows = score({folder / "long", folder / "long", folder / "short", folder / "long"},
                          backend, options());

  EXPECT_EQ(backend.batches, (std::vector<size_t>{2, 1, 1}));
  EXPECT_EQ(rows[2].score, 2);
}

// Says how far a recording's first sample lies from its reference's.
class Comparer : public Backend {
 public:
  explicit Comparer(bool needs_reference) : needs_reference_(needs_reference) {}
  std::vector<Opinion> run(std::span<const Question> questions) override {
    batches.push_back(questions.size());
    std::vector<Opinion> opinions;
    for (const auto& [window, reference] : questions) {
      const float other = reference ? reference->front() : 0;
      opinions.push_back({(window.front() - other) * 32768, {}, {other * 32768}});
    }
    return opinions;
  }
  bool compares() const override { return true; }
  bool needs_reference() const override { return needs_reference_; }
  std::vector<std::string> part_names() const override { return {"other"}; }
  double joined_score(double mean, std::span<const float> parts) const override {
    return joins_by_parts ? 100 * double{parts.front()} : mean;
  }

  bool joins_by_parts = false;
  std::vector<size_t> batches = {};

 private:
  bool needs_reference_;
};

class ScorerWithReferences : public testing::Test {
 protected:
  ScorerWithReferences() {
    write_recording(folder_ / "a", {9});
    write_recording(folder_ / "b", {4}, 20 * kWindow);
    write_recording(folder_ / "c", {2}, 20 * kWindow);
    write_bytes(folder_ / "broken", "no recording");
  }

  ScoreRow compared(const std::vector<AudioLocation>& references, bool needs_reference = true) {
    Comparer backend(needs_reference);
    NoProgress progress;
    std::vector<ScoreRow> rows;
    const std::vector<Input> inputs = {{folder_ / "a", "", false, references}};
    score_inputs(inputs, backend, options(), progress,
                 [&](const ScoreRow& row) { rows.push_back(row); });
    return rows.at(0);
  }

  Scratch folder_;
};

TEST_F(ScorerWithReferences, TakesTheMeanOfSeveral) {
  const ScoreRow row = compared({folder_ / "b", folder_ / "c"});

  EXPECT_EQ(row.score, 6);
  EXPECT_EQ(row.detail, "");
  ASSERT_EQ(row.parts.size(), 1U);
  EXPECT_EQ(row.parts[0].first, "other");
  EXPECT_EQ(row.parts[0].second, 3);
}

TEST_F(ScorerWithReferences, SaysWhenOneIsTheRecordingItselfOrShort) {
  write_recording(folder_ / "copy", {9});
  write_recording(folder_ / "short", {4});

  EXPECT_THAT(compared({folder_ / "copy"}).detail, testing::EndsWith("copy: the recording itself"));
  EXPECT_THAT(compared({folder_ / "short"}).detail, testing::EndsWith("short: only 0.10 s long"));
}

TEST_F(ScorerWithReferences, FailsTheRowWhereOneCannotBeRead) {
  const ScoreRow row = compared({folder_ / "broken"});

  EXPECT_EQ(row.score, std::nullopt);
  EXPECT_THAT(row.detail, testing::HasSubstr("reference"));
  EXPECT_THAT(row.detail, testing::HasSubstr("broken"));
}

TEST_F(ScorerWithReferences, DoesWithoutOneWhereTheModelCan) {
  EXPECT_EQ(compared({}).score, std::nullopt);
  EXPECT_EQ(compared({}).detail, "no reference to compare it with");
  EXPECT_EQ(compared({}, /*needs_reference=*/false).score, 9);
  EXPECT_EQ(compared({}, /*needs_reference=*/false).detail,
            "without a reference: beside a vector of zeros");
}

TEST_F(ScorerWithReferences, AModelMayJoinSeveralByItsParts) {
  Comparer backend(true);
  backend.joins_by_parts = true;
  NoProgress progress;
  std::vector<ScoreRow> rows;
  const std::vector<Input> inputs = {{folder_ / "a", "", false, {folder_ / "b", folder_ / "c"}},
                                     {folder_ / "a", "", false, {folder_ / "b"}}};
  score_inputs(inputs, backend, options(), progress,
               [&](const ScoreRow& row) { rows.push_back(row); });

  EXPECT_EQ(rows.at(0).score, 300);
  EXPECT_EQ(rows.at(1).score, 5) << "one reference is joined with none";
}

TEST_F(ScorerWithReferences, DoesNotMixRecordingsWithAndWithoutThem) {
  Comparer backend(false);
  NoProgress progress;
  const std::vector<Input> inputs = {{folder_ / "a"},
                                     {folder_ / "a"},
                                     {folder_ / "a", "", false, {folder_ / "b"}},
                                     {folder_ / "a"}};
  ScoringOptions together = options();
  together.batch_size = 4;
  score_inputs(inputs, backend, together, progress, [](const ScoreRow&) {});

  EXPECT_EQ(backend.batches, (std::vector<size_t>{2, 1, 1}));
}

}  // namespace
}  // namespace bonafide
