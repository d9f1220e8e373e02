#include "tensor/precision.h"

#include <gtest/gtest.h>

#include "recipe/recipe.h"
#include "systems/system.h"

namespace bonafide {
namespace {

const std::string kEncoder =
    "{conv_dim: [8, 8], conv_kernel: [10, 3], conv_stride: [5, 2], hidden_size: 16, "
    "num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 16, num_conv_pos_embeddings: "
    "4, num_conv_pos_embedding_groups: 2, hidden_dropout: 0.0, attention_dropout: 0.0, "
    "activation_dropout: 0.0";

// On a processor LibTorch refuses mixed types here and there.
TEST(Precision, EveryPartOfAPairSystemLearnsInBfloat16) {
  const torch::Device cpu = torch::kCPU;
  for (const std::string model :
       {"model_type: wav2vec2}, classifier: rat", "model_type: wavlm}, classifier: rat",
        "feat_extract_norm: layer}, classifier: ff-diff, processor: {name: mhfa}",
        "do_stable_layer_norm: true}, classifier: ff-concat2, processor: {name: sls}",
        "conv_bias: true}, classifier: ff-lstm, processor: {name: aasist}",
        "conv_bias: false}, classifier: ff-lstm2"}) {
    SCOPED_TRACE(model);
    torch::manual_seed(1);
    const std::unique_ptr<System> system = make_system(
        Recipe::parse("system: pair\nmodel: {encoder: " + kEncoder + ", " + model + "}", "pair", {})
            .json());
    Batch batch = {torch::randn({4, 400}), torch::tensor({1, 0, 1, 0})};
    batch.reference = torch::randn({4, 300});
    system->module().train();
    for (const auto& module : system->module().modules()) {
      if (auto* dropout = module->as<torch::nn::DropoutImpl>()) dropout->options.p(0.0);
    }
    const double full = system->learn(batch).total.item<double>();
    torch::Tensor total;
    {
      const AutocastScope autocast(Precision::kBfloat16, cpu);
      total = system->learn(batch).total;
    }
    total.backward();
    EXPECT_NEAR(total.item<double>(), full, 0.1);
    for (const auto& item : system->module().named_parameters()) {
      if (!item.value().grad().defined()) continue;
      EXPECT_EQ(item.value().grad().scalar_type(), torch::kFloat32) << item.key();
    }
  }
}

}  // namespace
}  // namespace bonafide
