#include "models/feature_processors.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "models/ssl_aasist.h"
#include "nn/batch_norm.h"
#include "nn/max_pool.h"

namespace bonafide {

namespace {

constexpr int64_t kPool = 3;  // rows and columns that SLS makes one of

class Mean : public FeatureProcessor {
 public:
  using FeatureProcessor::FeatureProcessor;

  torch::Tensor forward(const torch::Tensor& features) override {
    return features.mean(torch::IntArrayRef({0, 2}));
  }
};

struct MhfaOptions {
  int64_t layers, input_dim, heads, compression_dim, output_dim;
};

class Mhfa : public FeatureProcessor {
 public:
  explicit Mhfa(const MhfaOptions& o)
      : FeatureProcessor(o.output_dim),
        weights_k_(register_parameter("weights_k", torch::ones({o.layers}))),
        weights_v_(register_parameter("weights_v", torch::ones({o.layers}))),
        compress_k_(
            register_module("cmp_linear_k", torch::nn::Linear(o.input_dim, o.compression_dim))),
        compress_v_(
            register_module("cmp_linear_v", torch::nn::Linear(o.input_dim, o.compression_dim))),
        att_head_(register_module("att_head", torch::nn::Linear(o.compression_dim, o.heads))),
        pooling_(register_module("pooling_fc",
                                 torch::nn::Linear(o.heads * o.compression_dim, o.output_dim))) {}

  torch::Tensor forward(const torch::Tensor& features) override {
    const auto keys = compress_k_(over_layers(features, weights_k_));
    const auto values = compress_v_(over_layers(features, weights_v_));
    const auto attention = torch::softmax(att_head_(keys), /*dim=*/1);  // [B, T, heads]
    return pooling_(torch::matmul(attention.transpose(1, 2), values).flatten(1));
  }

 private:
  static torch::Tensor over_layers(const torch::Tensor& features, const torch::Tensor& weights) {
    return torch::einsum("lbtd,l->btd", {features, torch::softmax(weights, 0)});
  }

  torch::Tensor weights_k_, weights_v_;
  torch::nn::Linear compress_k_, compress_v_, att_head_, pooling_;
};

class Sls : public FeatureProcessor {
 public:
  Sls(int64_t frames, int64_t input_dim, int64_t output_dim)
      : FeatureProcessor(output_dim),
        frames_(frames),
        first_bn_(register_module("first_bn", BatchNorm(1))),
        fc0_(register_module("fc0", torch::nn::Linear(input_dim, 1))),
        fc1_(register_module(
            "fc1", torch::nn::Linear((frames / kPool) * (input_dim / kPool), output_dim))) {}

  torch::Tensor forward(const torch::Tensor& features) override {
    const auto x = fitted(features);
    const auto weights = torch::sigmoid(fc0_(x.mean(2)));  // [L, B, 1]
    const auto map = (x * weights.unsqueeze(2)).sum(0).unsqueeze(1);
    const auto pooled = max_pool(torch::selu(first_bn_(map)), {kPool, kPool});
    return torch::selu(fc1_(pooled.flatten(1)));
  }

 private:
  // Its frames: the first ones, or zeros before all of them.
  torch::Tensor fitted(const torch::Tensor& features) const {
    const int64_t missing = frames_ - features.size(2);
    return missing <= 0 ? features.narrow(2, 0, frames_)
                        : torch::constant_pad_nd(features, {0, 0, missing, 0});
  }

  int64_t frames_;
  BatchNorm first_bn_;
  torch::nn::Linear fc0_, fc1_;
};

class AasistProcessor : public FeatureProcessor {
 public:
  AasistProcessor(int64_t input_dim, int64_t output_dim)
      : FeatureProcessor(output_dim), aasist_(options(input_dim, output_dim), *this) {}

  torch::Tensor forward(const torch::Tensor& features) override {
    const auto unseen = [](const std::string&, const torch::Tensor&) {};
    return aasist_.run(features[features.size(0) - 1], unseen).answer;
  }

 private:
  static SslAasistOptions options(int64_t input_dim, int64_t output_dim) {
    SslAasistOptions options;
    options.input_dim = input_dim;
    options.output_dim = output_dim;
    return options;
  }

  SslAasist aasist_;
};

constexpr int64_t kWidest = 16384;

int64_t output_dim(const OptionReader& read, int64_t dim) {
  int64_t width = dim;
  read.integer("output_dim", width, 1, kWidest);
  return width;
}

std::shared_ptr<FeatureProcessor> make_mhfa(const Json& options, int64_t layers, int64_t dim) {
  const OptionReader read(options, "model.processor",
                          {"name", "heads", "compression_dim", "output_dim"});
  MhfaOptions o = {layers, dim, (4 * layers + 1) / 3, 0, output_dim(read, dim)};
  o.compression_dim = std::max<int64_t>(o.output_dim / 8, 1);
  read.integer("heads", o.heads, 1, 1024);
  read.integer("compression_dim", o.compression_dim, 1, kWidest);
  return std::make_shared<Mhfa>(o);
}

std::shared_ptr<FeatureProcessor> make_sls(const Json& options, int64_t, int64_t dim) {
  const OptionReader read(options, "model.processor", {"name", "frames", "output_dim"});
  int64_t frames = 201;
  read.integer("frames", frames, kPool, 1 << 16);
  if (dim < kPool) {
    throw UsageError(
        fmt::format("model.processor: sls takes at least {} dimensions, and the "
                    "encoder has {}",
                    kPool, dim));
  }
  return std::make_shared<Sls>(frames, dim, output_dim(read, dim));
}

}  // namespace

std::shared_ptr<FeatureProcessor> make_feature_processor(const Json& options, int64_t layers,
                                                         int64_t dim) {
  if (!options.is_object()) {
    throw UsageError(
        fmt::format("model.processor: {} is not a section", printable(options.dump())));
  }
  std::string name = "mean";
  const Json just_name = {{"name", options.value("name", Json(name))}};
  OptionReader(just_name, "model.processor", {"name"})
      .word("name", name, {"mean", "mhfa", "sls", "aasist"});
  if (name == "mhfa") return make_mhfa(options, layers, dim);
  if (name == "sls") return make_sls(options, layers, dim);
  if (name == "aasist") {
    const OptionReader read(options, "model.processor", {"name", "output_dim"});
    return std::make_shared<AasistProcessor>(dim, output_dim(read, dim));
  }
  OptionReader(options, "model.processor", {"name"});
  return std::make_shared<Mean>(dim);
}

}  // namespace bonafide
