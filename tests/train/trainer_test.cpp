#include "train/trainer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <csignal>
#include <fstream>
#include <map>

#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/json_value.h"
#include "base/random.h"
#include "base/text.h"
#include "checkpoint/model_file.h"
#include "checkpoint/safetensors.h"
#include "error_text.h"
#include "journal/scalars.h"
#include "metrics/eer.h"
#include "scratch.h"
#include "trials/trial_table.h"
#include "trials/trials.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

// A 16-bit wav of `samples` at 16 kHz.
void write_wav(const fs::path& path, const std::vector<int16_t>& samples) {
  std::ofstream file(path, std::ios::binary);
  const auto u32 = [&](uint32_t v) { file.write(reinterpret_cast<const char*>(&v), 4); };
  const auto u16 = [&](uint16_t v) { file.write(reinterpret_cast<const char*>(&v), 2); };
  const auto bytes = static_cast<uint32_t>(samples.size() * 2);
  file << "RIFF";
  u32(36 + bytes);
  file << "WAVEfmt ";
  u32(16), u16(1), u16(1), u32(16000), u32(32000), u16(2), u16(16);
  file << "data";
  u32(bytes);
  file.write(reinterpret_cast<const char*>(samples.data()), bytes);
}

// Bona fide: noise. Spoof: a tone in the noise.
class TrainerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream manifest(folder_ / "all.csv");
    manifest << "path,label\n";
    for (int i = 0; i < 12; ++i) {
      const bool spoof = i % 2 == 1;
      Random random(1, static_cast<uint64_t>(i));
      std::vector<int16_t> samples(6000);
      for (size_t n = 0; n < samples.size(); ++n) {
        const double tone = spoof ? 8000 * std::sin(0.3 * static_cast<double>(n)) : 0;
        samples[n] = static_cast<int16_t>(tone + random.uniform(-2000, 2000));
      }
      const std::string name = "u" + std::to_string(i) + ".wav";
      write_wav(folder_ / name, samples);
      manifest << name << (spoof ? ",spoof\n" : ",bonafide\n");
    }
  }

  Recipe recipe(std::vector<std::string> more = {}) const {
    const std::string all = (folder_ / "all.csv").string();
    std::vector<std::string> overrides = {"model.filts=[70,[1,4],[4,4],[4,4],[4,4]]",
                                          "model.gat_dims=[4,4]",
                                          "input.samples=5000",
                                          "data.corpus=manifest",
                                          "data.train=" + all,
                                          "data.dev=" + all,
                                          "data.calibration=" + all,
                                          "train.batch_size=4",
                                          "train.epochs=3",
                                          "optimizer.lr=0.01",
                                          "compute.threads=1"};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return Recipe::load("aasist", overrides);
  }

  TrainingResult run(const Recipe& recipe, const std::string& name, bool resume = false) {
    NoProgress progress;
    return run(recipe, name, resume, progress);
  }

  TrainingResult run(const Recipe& recipe, const std::string& name, bool resume,
                     Progress& progress) {
    return train(recipe, folder_ / name, resume,
                 {progress, [this](const EpochRecord& r) { records_.push_back(r); },
                  [this](const std::string& line) { warnings_.push_back(line); }});
  }

  const Scratch folder_;
  std::vector<EpochRecord> records_;
  std::vector<std::string> warnings_;
};

void expect_same_weights(const fs::path& a, const fs::path& b) {
  const TensorFile first = read_safetensors(a);
  const TensorFile second = read_safetensors(b);
  ASSERT_EQ(first.tensors.size(), second.tensors.size());
  for (const auto& [name, tensor] : first.tensors) {
    const Tensor* other = second.find(name);
    ASSERT_NE(other, nullptr) << name;
    EXPECT_EQ(tensor.to_doubles(), other->to_doubles()) << name;
  }
}

TEST_F(TrainerTest, LearnsAnEasyTaskAndWritesItsFiles) {
  const TrainingResult result = run(recipe({"train.epochs=12"}), "run");

  ASSERT_EQ(records_.size(), 12u);
  EXPECT_LT(records_.back().loss, records_.front().loss);
  EXPECT_LT(result.best_eer, 10.0);
  for (const char* file : {"best.safetensors", "last.safetensors", "averaged.safetensors",
                           "state.safetensors", "log.csv", "report.html", "recipe.yaml"}) {
    EXPECT_TRUE(fs::exists(folder_ / "run" / file)) << file;
  }
}

TEST_F(TrainerTest, GivesTheSameWeightsForTheSameSeedWhateverTheLoaders) {
  run(recipe({"compute.loaders=1"}), "one");
  run(recipe({"compute.loaders=3"}), "three");

  expect_same_weights(folder_ / "one/last.safetensors", folder_ / "three/last.safetensors");
}

TEST_F(TrainerTest, WritesTheScoresOfEachEpochWhenAsked) {
  run(recipe({"train.epochs=2"}), "silent");
  run(recipe({"train.epochs=2", "train.keep_scores=true"}), "run");

  EXPECT_FALSE(fs::exists(folder_ / "silent/scores"));
  for (const EpochRecord& record : {records_[2], records_[3]}) {
    const std::string name = "epoch_00" + std::to_string(record.epoch + 1) + ".csv";
    const Trials trials = labelled_trials(TrialTable::read(folder_ / "run/scores" / name));
    const auto of = [&](Truth wanted) {
      return scores_of(trials, trials.cm_scores, [&](Truth c) { return c == wanted; });
    };
    const auto bona_fide = of(Truth::kBonaFide);
    const auto spoof = of(Truth::kSpoof);
    EXPECT_EQ(bona_fide.size() + spoof.size(), 12u) << name;
    EXPECT_DOUBLE_EQ(100 * det_eer(bona_fide, spoof).value, record.eer.value()) << name;
  }
  EXPECT_TRUE(fs::exists(folder_ / "run/scores/average.csv"));
}

TEST_F(TrainerTest, FollowsTheTandemCostWhereSpeakerVerificationIsKnown) {
  std::ofstream(folder_ / "asv.txt") << "- target 3.0\n- target 2.0\n- nontarget -2.0\n"
                                        "- nontarget -1.0\nA01 spoof 2.5\nA01 spoof -3.0\n";

  run(recipe({"train.epochs=2"}), "without");
  run(recipe({"train.epochs=2", "evaluate.asv_scores=" + (folder_ / "asv.txt").string()}), "with");

  const auto lines = [&](const char* name) {
    const std::string text = read_text(folder_ / name / "scalars.jsonl");
    size_t count = 0;
    for (const auto line : split(text, '\n')) {
      if (line.find("\"epoch_tdcf_dev\"") == std::string_view::npos) continue;
      const double value = Json::parse(line).at("value");
      EXPECT_GE(value, 0);
      EXPECT_LE(value, 1);
      ++count;
    }
    return count;
  };
  EXPECT_EQ(lines("without"), 0u);
  EXPECT_EQ(lines("with"), 2u);
}

TEST_F(TrainerTest, RefusesADirectoryThatHoldsARun) {
  run(recipe({"train.epochs=1"}), "run");

  EXPECT_THROW(run(recipe({"train.epochs=1"}), "run"), UsageError);
}

TEST_F(TrainerTest, NamesARecordingThatCannotBeRead) {
  std::ofstream(folder_ / "u3.wav") << "not audio";

  EXPECT_THAT(error_text([&] { run(recipe(), "run"); }), testing::HasSubstr("u3.wav"));
}

TEST_F(TrainerTest, LeavesOutBrokenRecordingsWhenTold) {
  std::ofstream(folder_ / "u3.wav") << "not audio";

  const TrainingResult result = run(recipe({"train.broken_files=skip"}), "run");

  EXPECT_EQ(result.broken, 1u);
}

TEST_F(TrainerTest, RefusesARateThatMakesTheLossExplode) {
  EXPECT_THROW(run(recipe({"optimizer.lr=1e30", "train.epochs=20"}), "run"), Error);
}

// Interrupts the process, as Ctrl-C does, at the given call of update().
class Interrupter : public NoProgress {
 public:
  explicit Interrupter(int at) : left_(at) { watch_for_interrupts(); }
  ~Interrupter() override { watch_for_interrupts(); }

  void update(size_t, std::string_view) override {
    if (--left_ == 0) std::raise(SIGINT);
  }

 private:
  int left_;
};

class InterruptedTrainerTest : public TrainerTest, public testing::WithParamInterface<int> {};

TEST_P(InterruptedTrainerTest, GoesOnAsIfNothingHadHappened) {
  run(recipe(), "whole");
  {
    Interrupter interrupter(GetParam());
    ASSERT_TRUE(run(recipe(), "parts", /*resume=*/false, interrupter).interrupted);
  }

  const TrainingResult result = run(recipe(), "parts", /*resume=*/true);

  EXPECT_FALSE(result.interrupted);
  for (const char* file : {"last.safetensors", "best.safetensors", "averaged.safetensors"}) {
    expect_same_weights(folder_ / "whole" / file, folder_ / "parts" / file);
  }
}

// In the first epoch, in a validation, in the second epoch, in the last validation.
INSTANTIATE_TEST_SUITE_P(AtAnyMoment, InterruptedTrainerTest, testing::Values(2, 5, 17, 40));

// All that a resumed run must take up besides weights and optimiser.
TEST_F(TrainerTest, TakesUpItsMovingAverageItsAccumulationAndItsPlateau) {
  const Recipe with_everything =
      recipe({"train.ema=0.9", "train.accumulate=2", "train.clip_norm=1", "schedule.name=plateau",
              "schedule.patience=0", "schedule.factor=0.5", "optimizer.name=sgd",
              "loss.terms=[{name: cross_entropy, weight: {from: 1, to: 0.1, end: 5}}]"});
  run(with_everything, "whole");
  {
    Interrupter interrupter(9);
    ASSERT_TRUE(run(with_everything, "parts", /*resume=*/false, interrupter).interrupted);
  }
  run(with_everything, "parts", /*resume=*/true);

  expect_same_weights(folder_ / "whole/last.safetensors", folder_ / "parts/last.safetensors");
  run(recipe(), "plain");
  EXPECT_NE(
      read_safetensors(folder_ / "plain/last.safetensors").find("out_layer.weight")->to_doubles(),
      read_safetensors(folder_ / "whole/last.safetensors").find("out_layer.weight")->to_doubles());
}

// Down to nothing over the first epoch.
TEST_F(TrainerTest, WeighsItsLossAsTheRampSays) {
  run(recipe({"loss.terms=[{name: cross_entropy, weight: {from: 1, to: 0, end: 1, unit: epoch}}]"}),
      "run");

  ASSERT_EQ(records_.size(), 3u);
  EXPECT_GT(records_[0].loss, 0);
  EXPECT_EQ(records_[1].loss, 0);
  EXPECT_EQ(records_[2].loss, 0);
}

TEST_F(TrainerTest, KeepsAJournalOfEachTermOfItsLoss) {
  run(recipe({"loss.terms=[{name: cross_entropy, weight: 0.25}, {name: cross_entropy}]"}), "run");
  std::map<std::string, std::vector<double>> steps;
  for (const Scalar& scalar : Scalars::read(folder_ / "run")) {
    steps[scalar.name].push_back(scalar.value);
  }
  const auto& loss = steps["batch_loss_train"];
  const auto& first = steps["batch_cross_entropy_train"];
  const auto& second = steps["batch_cross_entropy_2_train"];

  ASSERT_GT(loss.size(), 0u);
  ASSERT_EQ(first.size(), loss.size());
  ASSERT_EQ(second.size(), loss.size());
  for (size_t i = 0; i < loss.size(); ++i) {
    EXPECT_NEAR(loss[i], 0.25 * first[i] + second[i], 1e-4 * loss[i]) << i;
  }
}

TEST_F(TrainerTest, RefusesALossThatThereIsNot) {
  EXPECT_THROW(run(recipe({"loss.terms=[{name: cross_entrophy}]"}), "run"), UsageError);
}

TEST_F(TrainerTest, LeavesFrozenParametersAloneUntilTheyThaw) {
  const auto weights = [&](const char* name, std::vector<std::string> more) {
    more.emplace_back("train.freeze=[\"encoder.*.conv2.weight\"]");
    more.emplace_back("train.average=false");
    run(recipe(std::move(more)), name);
    const TensorFile file = read_safetensors(folder_ / name / "last.safetensors");
    return std::pair(file.find("encoder.0.0.conv2.weight")->to_doubles(),
                     file.find("out_layer.weight")->to_doubles());
  };
  const auto one = weights("one", {"train.epochs=1"});
  const auto two = weights("two", {"train.epochs=2"});
  const auto thawed = weights("thawed", {"train.epochs=2", "train.unfreeze_epoch=1"});

  EXPECT_EQ(one.first, two.first);
  EXPECT_NE(one.second, two.second);
  EXPECT_NE(two.first, thawed.first);
}

TEST_F(TrainerTest, RefusesToFreezeWhatIsNotThere) {
  EXPECT_THROW(run(recipe({"train.freeze=[\"decoder.*\"]"}), "run"), UsageError);
}

TEST_F(TrainerTest, StopsWhenItsPatienceRunsOut) {
  const TrainingResult result =
      run(recipe({"train.epochs=12", "train.patience=2", "train.best_eer=-1"}), "run");

  EXPECT_TRUE(result.stopped_early);
  EXPECT_EQ(result.epochs, 2);
}

// An EER that stands still is no better one, though the last of equal epochs is kept.
TEST_F(TrainerTest, LosesItsPatienceWithAnEerThatStandsStill) {
  const TrainingResult result = run(recipe({"train.epochs=12", "train.patience=2",
                                            "optimizer.lr=1e-12", "schedule.name=constant"}),
                                    "run");

  EXPECT_TRUE(result.stopped_early);
  EXPECT_LT(result.epochs, 12);
}

TEST_F(TrainerTest, KeepsTheFirstOrTheLastOfEpochsThatAreEqual) {
  for (const char* which : {"first", "last"}) {
    records_.clear();
    const TrainingResult result =
        run(recipe({"train.epochs=4", "optimizer.lr=1e-12", "schedule.name=constant",
                    std::string("train.ties=") + which}),
            which);

    std::vector<int64_t> lowest;
    for (const EpochRecord& r : records_) {
      if (r.eer == result.best_eer) lowest.push_back(r.epoch);
    }
    ASSERT_GT(lowest.size(), 1U) << "no tie";
    EXPECT_EQ(result.best_epoch, which == std::string("first") ? lowest.front() : lowest.back());
  }
}

class TestDataTest : public TrainerTest {
 protected:
  Recipe recipe(std::vector<std::string> more = {}) const {
    const std::string asv = (folder_ / "asv.txt").string();
    std::ofstream(asv) << "- target 2.0\n- target 1.0\n- target 0.1\n- nontarget -2.0\n"
                          "- nontarget 0.3\n- spoof 1.5\n- spoof -0.5\n";
    std::vector<std::string> overrides = {"data.eval=" + (folder_ / "all.csv").string(),
                                          "evaluate.asv_scores=" + asv, "train.best_on_eval=true",
                                          "train.epochs=4", "schedule.name=constant"};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return TrainerTest::recipe(overrides);
  }

  Json card(const std::string& name) const {
    return read_model((folder_ / name / "best_on_eval.safetensors").string()).description.card;
  }
};

// Where the eval part has the labels the other way round, what dev likes better it likes less.
TEST_F(TestDataTest, ChoosesAmongTheBestEpochsByTheTdcfOfTheEvalPart) {
  std::ofstream contrary(folder_ / "contrary.csv");
  contrary << "path,label\n";
  for (int i = 0; i < 12; ++i)
    contrary << "u" << i << (i % 2 == 1 ? ".wav,bonafide\n" : ".wav,spoof\n");
  contrary.close();
  const TrainingResult result = run(recipe({"train.average=false", "train.epochs=12",
                                            "data.eval=" + (folder_ / "contrary.csv").string()}),
                                    "run");

  std::map<int64_t, double> tdcf;
  for (const Scalar& scalar : Scalars::read(folder_ / "run")) {
    if (scalar.name == "epoch_tdcf_eval") tdcf[scalar.at] = scalar.value;
  }
  double lowest = 2;
  int64_t wanted = -1;
  for (const EpochRecord& r : records_) {
    EXPECT_EQ(tdcf.count(r.epoch), r.best ? 1U : 0U) << r.epoch;
    if (r.best && tdcf[r.epoch] < lowest) lowest = tdcf[r.epoch], wanted = r.epoch;
  }
  ASSERT_NE(wanted, result.best_epoch) << "the last best epoch is the lowest here, too";
  EXPECT_EQ(card("run")["epoch"], wanted);
  EXPECT_EQ(card("run")["eval_min_tdcf"], lowest);
  EXPECT_EQ(card("run")["also_selected_on"], "eval");
  EXPECT_EQ(result.best_test_tdcf, lowest);
}

TEST_F(TestDataTest, TakesTheAverageWhenItIsNoWorse) {
  const TrainingResult result = run(recipe({"train.epochs=12"}), "run");

  ASSERT_EQ(result.best_test_tdcf, 0) << "the task was not learnt";
  EXPECT_EQ(card("run")["epoch"], 12);  // those of the epochs count from 0
  expect_same_weights(folder_ / "run/best_on_eval.safetensors",
                      folder_ / "run/averaged.safetensors");
}

TEST_F(TestDataTest, GoesOnWithTheLowestSoFar) {
  run(recipe({"train.average=false"}), "whole");
  run(recipe({"train.average=false", "train.epochs=2"}), "halves");
  run(recipe({"train.average=false"}), "halves", /*resume=*/true);

  EXPECT_EQ(card("whole"), card("halves"));
  expect_same_weights(folder_ / "whole/best_on_eval.safetensors",
                      folder_ / "halves/best_on_eval.safetensors");
}

TEST_F(TestDataTest, WantsScoresOfSpeakerVerificationAndAnotherPartThatSelects) {
  EXPECT_NE(error_text<UsageError>([&] {
              run(recipe({"evaluate.asv_scores=~"}), "run");
            }).find("train.best_on_eval"),
            std::string::npos);
  EXPECT_NE(error_text<UsageError>([&] {
              run(recipe({"train.select=eval"}), "run");
            }).find("train.best_on_eval"),
            std::string::npos);
}

TEST_F(TrainerTest, SaysWithWhichOtherSettingsItGoesOn) {
  run(recipe({"train.epochs=1"}), "run");
  EXPECT_THROW(run(recipe({"train.epochs=2", "optimizer.name=sgd"}), "run", /*resume=*/true),
               UsageError);

  run(recipe({"train.epochs=1"}), "run", /*resume=*/true);
  EXPECT_THAT(warnings_, testing::Not(testing::Contains(testing::HasSubstr("other settings"))));

  run(recipe({"train.epochs=2"}), "run", /*resume=*/true);

  EXPECT_THAT(warnings_, testing::Contains("goes on with other settings: train.epochs"));
  EXPECT_EQ(Recipe::load((folder_ / "run/recipe.yaml").string(), {}).integer("train.epochs"), 2);
  const Json record = Json::parse(read_text(folder_ / "run/run.json"));
  EXPECT_EQ(record.at("resumed").size(), 2U);
}

TEST_F(TrainerTest, RefusesValuesThatCannotBeMeant) {
  for (const char* wrong :
       {"train.max_minutes=ten", "train.unfreeze_epoch=soon", "data.limit=ten",
        "schedule.max_steps=ten", "evaluate.batch_size=ten", "loader.cache=[5]",
        "train.patience=0.5", "optimizer.lr=0", "optimizer.weight_decay=-1",
        "optimizer.betas=[1.5,0.9]", "compute.loaders=-1", "schedule.lr_min=-1"}) {
    const std::string key = std::string(wrong).substr(0, std::string(wrong).find('='));
    EXPECT_NE(error_text<UsageError>([&] { run(recipe({wrong}), "run"); }).find(key),
              std::string::npos)
        << wrong;
  }
}

TEST_F(TrainerTest, TrainsInBfloat16) {
  // Whether twelve utterances are enough is luck; of this seed's draws they are.
  const TrainingResult result =
      run(recipe({"train.epochs=12", "compute.precision=bf16", "seed=2"}), "run");

  EXPECT_LT(result.best_eer, 20.0);
  EXPECT_THROW(run(recipe({"compute.precision=fp16"}), "other"), UsageError);
}

// With a rate at which nothing moves.
TEST_F(TrainerTest, BeginsWithTheWeightsOfAnotherRun) {
  const std::vector<std::string> still = {"optimizer.lr=1e-12", "schedule.name=constant",
                                          "train.epochs=1", "seed=7"};
  run(recipe(), "first");
  auto overrides = still;
  overrides.push_back("init=[" + (folder_ / "first").string() + "]");
  run(recipe(overrides), "second");

  const TensorFile first = read_safetensors(folder_ / "first" / "best.safetensors");
  const TensorFile second = read_safetensors(folder_ / "second" / "last.safetensors");
  const auto want = first.find("out_layer.weight")->to_doubles();
  const auto got = second.find("out_layer.weight")->to_doubles();
  for (size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got[i], want[i], 1e-6);
  EXPECT_THAT(warnings_, testing::Contains(testing::HasSubstr("209 of 209 tensors taken")));
}

TEST_F(TrainerTest, DoesNotBeginWithWeightsOfWhichNothingFits) {
  TensorFile other;
  const std::vector<float> zeros(4);
  other.tensors.emplace_back("foreign.weight", Tensor::from(std::span(zeros), {4}));
  const auto path = folder_ / "other.safetensors";
  write_safetensors(path, other);

  const std::string message =
      error_text([&] { run(recipe({"init=[" + path.string() + "]"}), "run"); });

  EXPECT_THAT(message, testing::HasSubstr("other.safetensors: 0 of 209 tensors taken"));
}

TEST_F(TrainerTest, WantsTheWeightsThatAreRequired) {
  run(recipe(), "first");
  const std::string init = fmt::format("init=[{{from: {}, require: [\"encoder.*\", \"lstm.*\"]}}]",
                                       (folder_ / "first").string());

  EXPECT_THAT(error_text([&] { run(recipe({init}), "second"); }),
              testing::HasSubstr("\"lstm.*\" is required and fits none"));
}

}  // namespace
}  // namespace bonafide
