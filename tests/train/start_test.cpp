#include "train/start.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_value.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/ssl_source.h"
#include "error_text.h"
#include "models/ssl_encoder.h"
#include "scratch.h"
#include "tensor/state.h"

namespace bonafide {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Json tiny() {
  return {{"conv_dim", {4, 4}},
          {"conv_kernel", {10, 3}},
          {"conv_stride", {5, 2}},
          {"num_feat_extract_layers", 2},
          {"hidden_size", 8},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 2},
          {"intermediate_size", 12},
          {"num_conv_pos_embeddings", 8},
          {"num_conv_pos_embedding_groups", 2}};
}

// A system whose encoder stands behind "extractor.", with a head of its own.
class Detector : public torch::nn::Module {
 public:
  explicit Detector(const Json& encoder = tiny())
      : extractor_(
            register_module("extractor", SslEncoder(SslEncoderOptions::from_json(encoder)))) {
    register_module("classifier", torch::nn::Linear(8, 2));
  }

  SslEncoderImpl& extractor() { return *extractor_; }

 private:
  SslEncoder extractor_;
};

class StartFromEncoder : public testing::Test {
 protected:
  // An encoder as its makers publish it: half-precision tensors behind "wav2vec2.".
  StartFromEncoder() : source_(SslEncoderOptions::from_json(tiny())) {
    for (auto& parameter : source_->parameters()) parameter.data().uniform_(-1, 1);
    source_->to(torch::kHalf);
    write({{"num_attention_heads", 2}, {"conv_stride", {5, 2}}, {"do_stable_layer_norm", false}});
  }

  void write(const Json& told) {
    TensorFile file = save_state(*source_);
    for (auto& [name, tensor] : file.tensors) name = "wav2vec2." + name;
    file.tensors.emplace_back("quantizer.vars", Tensor::from(std::vector<float>{1}, {1}));
    file.metadata[kEncoderKey] = told.dump();
    write_safetensors(path(), file);
  }

  std::string path() const { return (scratch_ / "encoder.safetensors").string(); }

  std::vector<std::string> start(Detector& detector, const std::string& into = "extractor.") {
    return start_from({{path(), "", "", into, {}}}, detector).lines;
  }

  SslEncoder source_;

 private:
  Scratch scratch_;
};

TEST_F(StartFromEncoder, TakesItWholeIntoTheSystem) {
  Detector detector;

  const auto lines = start(detector);

  const size_t all = source_->parameters().size();
  EXPECT_THAT(lines,
              ElementsAre(AllOf(HasSubstr(fmt::format("{} of {} tensors taken", all, all)),
                                HasSubstr("wav2vec2"), HasSubstr("does not say hidden_act"))));
  const auto given = source_->parameters(), taken = detector.extractor().parameters();
  for (size_t i = 0; i < given.size(); ++i) {
    EXPECT_TRUE(torch::equal(given[i].to(torch::kFloat32), taken[i]));
  }
}

TEST_F(StartFromEncoder, RefusesOneThatWorksOtherwise) {
  write({{"num_attention_heads", 4}});
  Detector detector;

  EXPECT_THAT(error_text([&] { start(detector); }),
              HasSubstr("its encoder has num_attention_heads 4, the recipe's 2"));

  write({{"do_stable_layer_norm", true}});
  EXPECT_THAT(error_text([&] { start(detector); }), HasSubstr("do_stable_layer_norm true"));
}

TEST_F(StartFromEncoder, TakesTheFirstLayersOfADeeperOne) {
  Json shallow = tiny();
  shallow["num_hidden_layers"] = 1;
  Detector detector(shallow);

  EXPECT_THAT(start(detector),
              ElementsAre(AllOf(HasSubstr("tensors taken"), HasSubstr("without a place"))));
}

}  // namespace
}  // namespace bonafide
