#include "systems/pair.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"
#include "recipe/recipe.h"
#include "scratch.h"

namespace bonafide {
namespace {

const std::vector<std::string> kTiny = {
    "model.encoder={conv_dim: [8, 8], conv_kernel: [10, 3], conv_stride: [5, 2], hidden_size: 16, "
    "num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 16, num_conv_pos_embeddings: "
    "4, num_conv_pos_embedding_groups: 2, feat_extract_norm: layer}"};

Json recipe_of(const std::string& name, std::vector<std::string> overrides = {}) {
  overrides.insert(overrides.begin(), kTiny.begin(), kTiny.end());
  return Recipe::load(name, overrides).json();
}

std::unique_ptr<System> make_pair_system(const std::string& name,
                                         const std::vector<std::string>& overrides = {}) {
  torch::manual_seed(1);
  return make_system(recipe_of(name, overrides));
}

Batch pairs(int64_t samples = 400) {
  torch::manual_seed(2);
  Batch batch = {torch::randn({4, samples}), torch::tensor({1, 0, 1, 0})};
  batch.reference = torch::randn({4, 300});
  return batch;
}

void set_encoder_learning(System& system, bool learns) {
  for (auto& item : system.module().named_parameters()) {
    if (item.key().starts_with("extractor.")) item.value().requires_grad_(learns);
  }
}

Answer answered(System& system, const Batch& batch) {
  const torch::NoGradGuard no_grad;
  system.module().eval();
  return system.answer(batch);
}

TEST(Pair, ScoresByTheProbabilityOfBonaFideSpeechWithTheMarginAsItsPart) {
  const Answer answer = answered(*make_pair_system("rat/rat"), pairs());
  const Answer margin = answered(*make_pair_system("rat/rat", {"score.rule=margin"}), pairs());

  EXPECT_EQ(make_pair_system("rat/rat")->part_names(), std::vector<std::string>{"margin"});
  EXPECT_TRUE(answer.score.allclose(torch::sigmoid(answer.parts.select(1, 0))));
  EXPECT_TRUE(margin.score.equal(answer.parts.select(1, 0)));
  EXPECT_EQ(answer.embedding.sizes(), torch::IntArrayRef({4, 16}));
}

TEST(Pair, RatDoesWithoutAReferenceAndOtherPairSystemsDoNot) {
  Batch alone = pairs();
  alone.reference = {};
  const auto rat = make_pair_system("rat/rat");

  EXPECT_TRUE(rat->compares());
  EXPECT_FALSE(rat->needs_reference());
  EXPECT_TRUE(answered(*rat, alone)
                  .score.allclose(answered(*make_pair_system("rat/zeroref"), pairs()).score));
  for (const char* classifier : {"ff-diff", "ff-concat1", "ff-concat3", "ff-lstm"}) {
    const auto system =
        make_pair_system("rat/rat", {std::string("model.classifier=") + classifier});
    EXPECT_TRUE(system->needs_reference()) << classifier;
    EXPECT_NE(error_text([&] { answered(*system, alone); }).find("no reference"),
              std::string::npos);
  }
  for (const char* recipe : {"rat/ff", "rat/baseline", "rat/selfattn", "rat/zeroref"}) {
    EXPECT_FALSE(make_pair_system(recipe)->compares()) << recipe;
  }
}

TEST(Pair, AnAnswerDependsOnItsBatchOnlyWhereBatchesAreNormalised) {
  for (const bool whole : {false, true}) {
    const auto system = make_pair_system("rat/rat", {std::string("model.waveform_normalization=") +
                                                     (whole ? "batch" : "utterance")});
    Batch first = pairs();
    const auto together = answered(*system, first).parts.narrow(0, 0, 1);
    first.input = first.input.wave.narrow(0, 0, 1);
    first.reference = first.reference.wave.narrow(0, 0, 1);
    const auto alone = answered(*system, first).parts;
    EXPECT_EQ(together.allclose(alone, 1e-4, 1e-6), !whole);
    EXPECT_EQ(system->judges_alone(), !whole);
  }
}

TEST(Pair, AnEncoderThatDoesNotLearnIsHeardWithoutChanceAndWithoutGradients) {
  const auto dropping = std::string("model.encoder.hidden_dropout=0.5");
  const auto system = make_pair_system("rat/rat", {dropping});
  const auto published = make_pair_system("rat/rat", {dropping, "model.frozen_dropout=true"});
  for (const auto& each : {system.get(), published.get()}) {
    set_encoder_learning(*each, false);
    each->module().train();
  }
  const auto loss = system->learn(pairs());
  loss.total.backward();

  EXPECT_TRUE(loss.total.equal(system->learn(pairs()).total));
  const Batch again = pairs();  // chance begins anew with it
  EXPECT_FALSE(published->learn(again).total.equal(published->learn(again).total));
  EXPECT_EQ(loss.answers.item<int64_t>(), 4);
  for (const auto& item : system->module().named_parameters()) {
    EXPECT_EQ(item.value().grad().defined(), !item.key().starts_with("extractor.")) << item.key();
  }
}

TEST(Pair, BatchNormalisationMayStandStillAfterTheFirstEpochOrAlways) {
  const auto moves = [](const std::string& how, double epoch) {
    const auto system = make_pair_system("rat/rat", {"model.finetune_bn=" + how});
    system->module().train();
    Random random(0);
    system->prepare({0, epoch}, random);
    const auto before = system->module().named_buffers()["classifier.1.running_mean"].clone();
    system->learn(pairs());
    return !before.equal(system->module().named_buffers()["classifier.1.running_mean"]);
  };
  EXPECT_TRUE(moves("batch", 3));
  EXPECT_TRUE(moves("eval-after-first", 0.9));
  EXPECT_FALSE(moves("eval-after-first", 1));
  EXPECT_FALSE(moves("frozen", 0));
}

TEST(Pair, AReferenceThatWasHeardIsHeardAnewWhenTheWeightsChange) {
  const auto system = make_pair_system("rat/rat");
  const auto before = answered(*system, pairs()).parts;
  EXPECT_TRUE(answered(*system, pairs()).parts.equal(before));
  {
    const torch::NoGradGuard no_grad;
    system->module().named_parameters()["extractor.feature_projection.projection.weight"].mul_(2);
  }
  const auto after = answered(*system, pairs()).parts;
  Batch padded = pairs();  // what has zeros behind it is always heard anew
  padded.reference.length = torch::full({4}, 300, torch::kInt64);

  EXPECT_FALSE(after.equal(before));
  EXPECT_TRUE(after.allclose(answered(*system, padded).parts, 1e-4, 1e-6));
}

TEST(Pair, KeepsSummariesOfAFrozenEncoderInAFolder) {
  const Scratch folder;
  const auto keeping = std::string("loader.features=") + folder.path().string();
  const auto system = make_pair_system("rat/ffconcat3", {keeping});
  const auto plain = make_pair_system("rat/ffconcat3");
  for (const auto& each : {system.get(), plain.get()}) {
    set_encoder_learning(*each, false);
    each->module().train();
  }
  const auto files = [&] {
    size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  };
  const auto loss = system->learn(pairs()).total;
  EXPECT_EQ(files(), 8U);
  EXPECT_TRUE(loss.allclose(plain->learn(pairs()).total, 1e-4, 1e-6));
  EXPECT_TRUE(loss.equal(system->learn(pairs()).total));

  set_encoder_learning(*system, true);
  system->learn(pairs(401));
  EXPECT_EQ(files(), 8U) << "an encoder that learns keeps nothing";
}

TEST(Pair, RefusesToKeepWhatWouldFillADiskAndSaysHowMuchItIs) {
  const Scratch folder;
  const auto refusal = error_text<UsageError>([&] {
    make_system(Recipe::load("rat/rat", {"loader.features=" + folder.path().string(),
                                         "model.encoder.num_hidden_layers=4"})
                    .json());
  });
  EXPECT_NE(refusal.find("loader.features"), std::string::npos);
  EXPECT_NE(refusal.find("3.3 MB (4 layers x 199 frames x 1024 numbers)"), std::string::npos)
      << refusal;
}

TEST(Pair, RefusesToLearnWhereNothingIsLeftToLearn) {
  const auto system = make_pair_system("rat/rat", {"model.classifier=ff-dot"});
  set_encoder_learning(*system, false);
  EXPECT_NE(error_text<UsageError>([&] { system->learn(pairs()); }).find("train.freeze"),
            std::string::npos);
}

TEST(Pair, RefusesARecordingWithoutALabelToLearnFrom) {
  Batch batch = pairs();
  batch.label[2] = -1;
  EXPECT_NE(error_text([&] { make_pair_system("rat/rat")->learn(batch); }).find("without a label"),
            std::string::npos);
}

TEST(Pair, RefusesOptionsThatThereAreNot) {
  const auto refusal = [](const std::string& override) {
    return error_text<UsageError>([&] { make_pair_system("rat/rat", {override}); });
  };
  EXPECT_NE(refusal("model.heads=4").find("unknown key"), std::string::npos);
  EXPECT_NE(refusal("model.waveform_normalization=speaker").find("utterance, batch, none"),
            std::string::npos);
  EXPECT_NE(refusal("model.finetune_bn=eval").find("eval-after-first"), std::string::npos);
  EXPECT_NE(refusal("score.rule=logit").find("probability, margin"), std::string::npos);
  EXPECT_NE(refusal("loss.name=angular").find("loss"), std::string::npos);
  EXPECT_NE(refusal("model.encoder.hidden_act=relu").find("encoder.hidden_act"), std::string::npos);
}

TEST(Pair, SaysWhichOfTheTwoIsTooShort) {
  const auto system = make_pair_system("rat/rat");
  Batch batch = {torch::zeros({1, 2000}), torch::Tensor()};
  batch.reference = torch::zeros({1, 3});
  const auto said = [&] { return error_text([&] { system->answer(batch); }); };

  EXPECT_NE(said().find("the reference has 3 samples"), std::string::npos) << said();
  std::swap(batch.reference, batch.input);
  EXPECT_NE(said().find("the recording has 3 samples"), std::string::npos) << said();
}

}  // namespace
}  // namespace bonafide
