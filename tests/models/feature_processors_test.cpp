#include "models/feature_processors.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"

namespace bonafide {
namespace {

std::shared_ptr<FeatureProcessor> processor(const Json& options, int64_t layers = 3,
                                            int64_t dim = 16) {
  torch::manual_seed(1);
  auto made = make_feature_processor(options, layers, dim);
  made->eval();
  return made;
}

int64_t parameters_of(const Json& options, int64_t layers, int64_t dim) {
  int64_t count = 0;
  for (const auto& parameter : processor(options, layers, dim)->parameters()) {
    count += parameter.numel();
  }
  return count;
}

TEST(FeatureProcessors, TheMeanIsOfLayersAndFrames) {
  const auto features = torch::arange(24, torch::kFloat32).view({2, 2, 3, 2});
  const auto mean = processor({{"name", "mean"}}, 2, 2);

  EXPECT_FALSE(mean->learns());
  EXPECT_TRUE(mean->forward(features).equal(torch::tensor({{8.0F, 9.0F}, {14.0F, 15.0F}})));
}

TEST(FeatureProcessors, HaveThePublishedNumberOfParameters) {
  EXPECT_EQ(parameters_of({{"name", "mhfa"}}, 24, 1024), 4461904);
  EXPECT_EQ(parameters_of({{"name", "aasist"}}, 24, 1024), 611784);
  // 22847 pooled values, by the last layer to 1024.
  EXPECT_EQ(parameters_of({{"name", "sls"}}, 24, 1024), 2 + 1025 + 22848 * 1024);
}

TEST(FeatureProcessors, MhfaHasFourHeadsForThreeLayers) {
  for (const auto& [layers, heads] : {std::pair{12, 16}, {24, 32}, {48, 64}, {4, 5}}) {
    const auto parameters = processor({{"name", "mhfa"}}, layers)->named_parameters();
    EXPECT_EQ(parameters["att_head.weight"].size(0), heads) << layers;
  }
}

TEST(FeatureProcessors, SlsLooksAtItsFirstFramesAndPutsZerosBeforeFewer) {
  const auto sls = processor({{"name", "sls"}, {"frames", 9}});
  const auto features = torch::randn({3, 2, 12, 16});
  const auto cut = features.narrow(2, 0, 9);
  const auto few = features.narrow(2, 0, 5);

  EXPECT_TRUE(sls->forward(features).equal(sls->forward(cut)));
  EXPECT_TRUE(sls->forward(few).equal(
      sls->forward(torch::cat({torch::zeros({3, 2, 4, 16}), few}, /*dim=*/2))));
}

TEST(FeatureProcessors, AasistLooksAtTheLastLayerAlone) {
  const auto aasist = processor({{"name", "aasist"}, {"output_dim", 5}});
  auto features = torch::randn({3, 2, 20, 16});
  const auto embedding = aasist->forward(features).detach();
  features.narrow(0, 0, 2).zero_();

  EXPECT_EQ(embedding.sizes(), torch::IntArrayRef({2, 5}));
  EXPECT_TRUE(aasist->forward(features).equal(embedding));
  EXPECT_NE(error_text([&] {
              aasist->forward(torch::randn({3, 2, 2, 16}));
            }).find("at least 3 frames, found 2"),
            std::string::npos);
}

TEST(FeatureProcessors, NameTheirTensorsAsPublished) {
  std::set<std::string> names;
  for (const auto& item : processor({{"name", "aasist"}})->named_parameters()) {
    names.insert(item.key());
  }

  for (const char* name :
       {"LL.weight", "pos_S", "master2", "first_bn.weight", "first_bn1.bias",
        "encoder.0.0.conv_downsample.weight", "encoder.5.0.bn1.weight", "attention.0.weight",
        "attention.2.bias", "attention.3.weight", "GAT_layer_T.proj_with_att.weight",
        "HtrgGAT_layer_ST22.att_weightM", "pool_hS2.proj.weight", "out_layer.bias"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(FeatureProcessors, OptionsThatThereAreNotAreRefused) {
  const auto refusal = [](const Json& options, int64_t dim = 16) {
    return error_text([&] { make_feature_processor(options, 3, dim); });
  };
  EXPECT_NE(refusal({{"name", "max"}}).find("mean, mhfa, sls, aasist"), std::string::npos);
  EXPECT_NE(refusal({{"name", "mean"}, {"heads", 2}}).find("model.processor"), std::string::npos);
  EXPECT_NE(refusal({{"name", "mhfa"}, {"heads", 0}}).find("heads"), std::string::npos);
  EXPECT_NE(refusal({{"name", 3}}).find("model.processor.name"), std::string::npos);
  EXPECT_NE(refusal("mean").find("not a section"), std::string::npos);
  EXPECT_NE(refusal({{"name", "sls"}}, 2).find("at least 3 dimensions"), std::string::npos);
}

}  // namespace
}  // namespace bonafide
