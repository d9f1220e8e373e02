#include "models/aasist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

int64_t parameters_of(const std::string& recipe) {
  int64_t count = 0;
  for (const auto& p : make_network(Recipe::load(recipe, {}).at("model"))->parameters()) {
    count += p.numel();
  }
  return count;
}

Json small() {
  return {{"architecture", "AASIST"},
          {"filts", {70, {1, 4}, {4, 4}, {4, 4}, {4, 4}}},
          {"gat_dims", {4, 4}}};
}

TEST(Aasist, HasThePublishedNumberOfParameters) { EXPECT_EQ(parameters_of("aasist"), 297866); }

TEST(AasistL, HasThePublishedNumberOfParameters) { EXPECT_EQ(parameters_of("aasist-l"), 85306); }

TEST(Aasist, NamesItsParametersAsInTheReference) {
  const auto names = make_network(small())->named_parameters();

  for (const char* name :
       {"pos_S", "master1", "master2", "first_bn.weight", "encoder.2.0.conv1.weight",
        "GAT_layer_S.att_weight", "HtrgGAT_layer_ST21.att_weightM", "pool_hT2.proj.bias"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(Aasist, JudgesEachRowOfABatchByItself) {
  torch::manual_seed(1);
  const torch::NoGradGuard no_grad;
  const auto network = make_network(small());
  network->eval();
  const auto waves = torch::randn({3, 9000}) * 0.1;

  const auto together = network->forward(waves).logits;
  const auto alone = network->forward(waves.narrow(0, 1, 1)).logits;

  EXPECT_TRUE(torch::allclose(together.narrow(0, 1, 1), alone, 1e-5, 1e-6));
}

TEST(Aasist, RunsInDoublePrecision) {
  const torch::NoGradGuard no_grad;
  const auto network = make_network(small());
  network->to(torch::kFloat64);
  network->eval();

  EXPECT_EQ(network->forward(torch::zeros({1, 9000}, torch::kFloat64)).logits.dtype(),
            torch::kFloat64);
}

TEST(Aasist, RefusesAWaveformThatItsPoolingsSwallow) {
  EXPECT_THROW(make_network(small())->forward(torch::zeros({1, 2000})), Error);
}

TEST(Aasist, RefusesAnUnknownOptionWithTheNearestOne) {
  Json options = small();
  options["gat_dim"] = 3;
  EXPECT_THAT(error_text<UsageError>([&] { make_network(options); }),
              testing::HasSubstr("gat_dims"));
}

TEST(Aasist, RefusesChannelsThatDoNotFitEachOther) {
  Json options = small();
  options["filts"] = {70, {1, 4}, {8, 4}, {4, 4}, {4, 4}};

  EXPECT_THROW(make_network(options), UsageError);
}

TEST(Networks, RefuseAnArchitectureThatThereIsNot) {
  EXPECT_THROW(make_network({{"architecture", "RawNet9"}}), UsageError);
}

}  // namespace
}  // namespace bonafide
