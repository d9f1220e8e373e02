#include "models/pair_classifiers.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"

namespace bonafide {
namespace {

constexpr HiddenStates kStates = {3, 8};

std::shared_ptr<PairClassifier> classifier(const Json& model) {
  torch::manual_seed(1);
  auto made = make_pair_classifier(model, kStates);
  made->eval();
  return made;
}

torch::Tensor states(int64_t frames, int64_t seed) {
  torch::manual_seed(static_cast<uint64_t>(seed));
  return torch::randn({kStates.layers, 2, frames, kStates.dim});
}

torch::Tensor logits(PairClassifier& of, const torch::Tensor& test,
                     const torch::Tensor& reference = {}) {
  const torch::NoGradGuard no_grad;
  return of.forward(of.summary(test), reference.defined() ? of.summary(reference) : torch::Tensor())
      .logits;
}

int64_t parameters_of(const Json& model, const HiddenStates& of) {
  int64_t count = 0;
  for (const auto& parameter : make_pair_classifier(model, of)->parameters()) {
    count += parameter.numel();
  }
  return count;
}

TEST(PairClassifiers, RatHasThePublishedNumberOfParameters) {
  EXPECT_EQ(parameters_of({{"classifier", "rat"}}, {24, 1024}), 13254402);
}

TEST(PairClassifiers, RatWithoutAReferenceAttendsToZeros) {
  const auto rat = classifier({{"classifier", "rat"}});
  const auto zero = classifier({{"classifier", "rat"}, {"reference", "zero"}});
  const auto test = states(7, 1);

  EXPECT_TRUE(rat->compares());
  EXPECT_FALSE(rat->needs_reference());
  EXPECT_FALSE(zero->compares());
  EXPECT_TRUE(logits(*rat, test).equal(logits(*zero, test)));
  EXPECT_TRUE(logits(*zero, test, states(5, 2)).equal(logits(*zero, test)));
  EXPECT_FALSE(logits(*rat, test, states(5, 2)).equal(logits(*rat, test)));
}

TEST(PairClassifiers, RatAttendingToItselfIsRatWithTheRecordingForReference) {
  const auto rat = classifier({{"classifier", "rat"}, {"attention_heads", 2}});
  const auto self =
      classifier({{"classifier", "rat"}, {"attention_heads", 2}, {"reference", "self"}});
  const auto test = states(7, 1);

  EXPECT_TRUE(logits(*self, test).allclose(logits(*rat, test, test), 1e-5, 1e-6));
}

TEST(PairClassifiers, RatWithoutItsBlockIsFfWithTheSameLastLayers) {
  const auto none = classifier({{"classifier", "rat"}, {"reference", "none"}});
  const auto ff = classifier({{"classifier", "ff"}});
  const auto from = none->named_parameters();
  const torch::NoGradGuard no_grad;
  for (auto& item : ff->named_parameters()) item.value().copy_(from[item.key()]);
  const auto test = states(7, 1);

  EXPECT_TRUE(logits(*none, test).allclose(logits(*ff, test), 1e-5, 1e-6));
}

TEST(PairClassifiers, RatShowsWhatItsBlockComesTo) {
  const auto rat = classifier({{"classifier", "rat"}});
  std::map<std::string, torch::Tensor> shown;
  rat->watch([&](const std::string& name, const torch::Tensor& value) { shown[name] = value; });
  const auto test = states(7, 1);
  logits(*rat, test, states(5, 2));

  EXPECT_EQ(shown.at("attn_map").sizes(), torch::IntArrayRef({7, 6, 8}));
  const auto by_layer = [](const torch::Tensor& x) {
    return x.transpose(0, 1).reshape({3, 2, 7, 8});
  };
  EXPECT_TRUE(shown.at("combined").allclose(by_layer(shown.at("attn_map") + shown.at("mlp_out"))));
  EXPECT_TRUE(shown.at("residual").allclose(test + shown.at("combined"), 1e-5, 1e-6));
  EXPECT_TRUE(
      shown.at("emb").allclose(shown.at("final_out").mean(torch::IntArrayRef({0, 2})), 1e-4, 1e-5));
}

TEST(PairClassifiers, TheDotProductIsTheLogOddsOfBonaFideSpeech) {
  const auto dot = classifier({{"classifier", "ff-dot"}});
  const auto test = states(7, 1), reference = states(5, 2);
  const auto product = (dot->summary(test) * dot->summary(reference)).sum(1);

  const auto probability = torch::softmax(logits(*dot, test, reference), 1).select(1, 0);

  EXPECT_TRUE(probability.allclose(torch::sigmoid(product)));
  EXPECT_TRUE(dot->parameters().empty());
}

TEST(PairClassifiers, FfConcat1IsFfOverOneWaveformOfBoth) {
  const auto concat = classifier({{"classifier", "ff-concat1"}});
  const auto ff = classifier({{"classifier", "ff"}});
  const auto both = states(12, 1);

  EXPECT_TRUE(concat->joins_waveforms());
  EXPECT_TRUE(concat->needs_reference());
  EXPECT_FALSE(ff->needs_reference());
  EXPECT_TRUE(logits(*concat, both).equal(logits(*ff, both)));
}

TEST(PairClassifiers, DifferencesAreThoseOfTheReference) {
  const auto plain = classifier({{"classifier", "ff-diff"}});
  const auto absolute = classifier({{"classifier", "ff-diff-abs"}});
  const auto squared = classifier({{"classifier", "ff-diff-quadratic"}});
  const auto high = torch::full({3, 2, 4, 8}, 1.5), low = torch::full({3, 2, 4, 8}, 1.0);

  EXPECT_FALSE(logits(*plain, low, high).equal(logits(*plain, high, low)));
  EXPECT_TRUE(logits(*plain, low, high).equal(logits(*absolute, low, high)));
  EXPECT_TRUE(logits(*absolute, low, high).equal(logits(*absolute, high, low)));
  EXPECT_TRUE(logits(*squared, low, high)
                  .allclose(logits(*plain, torch::zeros_like(low), torch::full_like(low, 0.25))));
}

TEST(PairClassifiers, TheLstmOverAasistAnswersByItsEmbedding) {
  const auto lstm = classifier({{"classifier", "ff-lstm"}, {"processor", {{"name", "aasist"}}}});

  EXPECT_EQ(logits(*lstm, states(9, 1), states(9, 2)).sizes(), torch::IntArrayRef({2, 2}));
}

TEST(PairClassifiers, OnlyTheMeanIsTakenBeforeTheClassifier) {
  const auto pooled = classifier({{"classifier", "ff-concat3"}});
  const auto learned =
      classifier({{"classifier", "ff-concat3"}, {"processor", {{"name", "mhfa"}}}});
  const auto test = states(7, 1);

  EXPECT_TRUE(pooled->pools());
  EXPECT_EQ(pooled->summary(test).sizes(), torch::IntArrayRef({2, 8}));
  EXPECT_FALSE(learned->pools());
  EXPECT_TRUE(learned->summary(test).equal(test));
  EXPECT_FALSE(classifier({{"classifier", "rat"}})->pools());
}

TEST(PairClassifiers, OptionsThatThereAreNotAreRefused) {
  const auto refusal = [](const Json& model) {
    return error_text([&] { make_pair_classifier(model, kStates); });
  };
  EXPECT_NE(refusal({{"classifier", "ff-concat4"}}).find("ff-concat3"), std::string::npos);
  EXPECT_NE(refusal({{"classifier", "rat"}, {"attention_heads", 3}}).find("does not divide"),
            std::string::npos);
  EXPECT_NE(refusal({{"classifier", "rat"}, {"reference", "silence"}}).find("matched, zero"),
            std::string::npos);
  EXPECT_NE(refusal({{"classifier", "rat"}, {"processor", {{"name", "sls"}}}}).find("mean alone"),
            std::string::npos);
  EXPECT_NE(refusal({{"classifier", "ff"}, {"reference", "self"}}).find("only rat has it"),
            std::string::npos);
  EXPECT_NE(error_text([] {
              make_pair_classifier({{"classifier", "ff"}}, {3, 3});
            }).find("at least 4"),
            std::string::npos);
}

}  // namespace
}  // namespace bonafide
