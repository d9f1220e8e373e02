#include "models/lightcnn.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "nn/angle_linear.h"
#include "nn/batch_norm.h"
#include "nn/dropout.h"
#include "nn/max_feature_map.h"
#include "nn/max_pool.h"
#include "nn/ordered_linear.h"

namespace bonafide {

namespace {

constexpr int64_t kPooled = 16;        // four poolings by 2
constexpr int64_t kLastChannels = 32;  // of the last map
constexpr int64_t kHidden = 80;

class LightCnn : public Network {
 public:
  explicit LightCnn(const LightCnnOptions& options);

  NetworkOutput forward(const NetworkInput& input) override;
  bool gives_cosines() const override { return !angular_.is_empty(); }

 private:
  torch::nn::Conv2d add_conv(const std::string& name, int64_t in, int64_t out, int64_t kernel);
  BatchNorm add_norm(const std::string& name, int64_t channels);

  torch::Tensor convolved(const std::string& name, torch::nn::Conv2d& conv, const torch::Tensor& x);
  torch::Tensor normed(const std::string& name, BatchNorm& bn, const torch::Tensor& x);
  torch::Tensor pooled(const std::string& name, const torch::Tensor& x);
  torch::Tensor project(const torch::Tensor& map);
  torch::Tensor embed(const torch::Tensor& features);

  LightCnnOptions options_;
  torch::nn::Conv2d conv1_, conv2a_;
  BatchNorm bn2a_;
  torch::nn::Conv2d conv2b_;
  BatchNorm bn2b_;
  torch::nn::Conv2d conv3a_;
  BatchNorm bn3a_;
  torch::nn::Conv2d conv3b_, conv4a_;
  BatchNorm bn4a_;
  torch::nn::Conv2d conv4b_;
  BatchNorm bn4b_;
  torch::nn::Conv2d conv4c_;
  BatchNorm bn4c_;
  torch::nn::Conv2d conv4d_;
  torch::nn::Linear fc1_;
  BatchNorm bn_fc1_;
  Dropout dropout_;
  AngleLinear angular_ = nullptr;  // one of these two, as `fc2`
  torch::nn::Linear linear_ = nullptr;
};

int64_t flattened(const std::array<int64_t, 3>& shape) {
  return kLastChannels * (shape[1] / kPooled) * (shape[2] / kPooled);
}

// Members are made, and registered, in the order of the published code's state dict.
LightCnn::LightCnn(const LightCnnOptions& o)
    : options_(o),
      conv1_(add_conv("conv1", o.input_shape[0], 64, 5)),
      conv2a_(add_conv("conv2a", 32, 64, 1)),
      bn2a_(add_norm("bn2a", 32)),
      conv2b_(add_conv("conv2b", 32, 96, 3)),
      bn2b_(add_norm("bn2b", 48)),
      conv3a_(add_conv("conv3a", 48, 96, 1)),
      bn3a_(add_norm("bn3a", 48)),
      conv3b_(add_conv("conv3b", 48, 128, 3)),
      conv4a_(add_conv("conv4a", 64, 128, 1)),
      bn4a_(add_norm("bn4a", 64)),
      conv4b_(add_conv("conv4b", 64, 64, 3)),
      bn4b_(add_norm("bn4b", 32)),
      conv4c_(add_conv("conv4c", 32, 64, 1)),
      bn4c_(add_norm("bn4c", 32)),
      conv4d_(add_conv("conv4d", 32, 2 * kLastChannels, 3)),
      fc1_(register_module("fc1", torch::nn::Linear(flattened(o.input_shape), 2 * kHidden))),
      bn_fc1_(register_module("bn_fc1", BatchNorm(kHidden))),
      dropout_(register_module("dropout", Dropout(o.dropout_prob))) {
  if (o.output == "angular") {
    angular_ = register_module("fc2", AngleLinear(kHidden, o.num_classes));
  } else {
    linear_ = register_module("fc2", torch::nn::Linear(kHidden, o.num_classes));
  }
}

torch::nn::Conv2d LightCnn::add_conv(const std::string& name, int64_t in, int64_t out,
                                     int64_t kernel) {
  return register_module(
      name, torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).padding(kernel / 2)));
}

BatchNorm LightCnn::add_norm(const std::string& name, int64_t channels) {
  return register_module(name, BatchNorm(channels));
}

torch::Tensor LightCnn::convolved(const std::string& name, torch::nn::Conv2d& conv,
                                  const torch::Tensor& x) {
  const auto y = conv(x);
  show(name, y);
  return max_feature_map(y);
}

torch::Tensor LightCnn::normed(const std::string& name, BatchNorm& bn, const torch::Tensor& x) {
  const auto y = bn(x);
  show(name, y);
  return y;
}

torch::Tensor LightCnn::pooled(const std::string& name, const torch::Tensor& x) {
  const auto y = max_pool(x, {2, 2});
  show(name, y);
  return y;
}

// fc1 of the flattened map. Of 62752 products in single precision a BLAS makes another sum for
// another batch, and a score near 0 shows it (3e-4 of itself): scoring adds in a fixed order, which
// is the order of the reference BLAS that the golden cases were made with.
torch::Tensor LightCnn::project(const torch::Tensor& map) {
  const auto x = map.flatten(1);
  const bool scores = !is_training() && !torch::GradMode::is_enabled() && x.is_cpu();
  return scores ? ordered_linear(x, fc1_->weight, fc1_->bias) : fc1_(x);
}

// [B, 1, bins, frames] -> [B, 80]
torch::Tensor LightCnn::embed(const torch::Tensor& features) {
  auto x = pooled("pool1", convolved("conv1", conv1_, features));
  x = normed("bn2a", bn2a_, convolved("conv2a", conv2a_, x));
  x = normed("bn2b", bn2b_, pooled("pool2", convolved("conv2b", conv2b_, x)));
  x = normed("bn3a", bn3a_, convolved("conv3a", conv3a_, x));
  x = pooled("pool3", convolved("conv3b", conv3b_, x));
  x = normed("bn4a", bn4a_, convolved("conv4a", conv4a_, x));
  x = normed("bn4b", bn4b_, convolved("conv4b", conv4b_, x));
  x = normed("bn4c", bn4c_, convolved("conv4c", conv4c_, x));
  x = pooled("pool4", convolved("conv4d", conv4d_, x));
  const auto hidden = max_feature_map(project(x));
  show("mfm_fc1", hidden);
  return bn_fc1_(hidden);
}

NetworkOutput LightCnn::forward(const NetworkInput& input) {
  const auto& features = input.features;
  const auto& [channels, bins, frames] = options_.input_shape;
  if (!features.defined() || features.dim() != 3 || features.size(1) != bins ||
      features.size(2) != frames) {
    throw Error(fmt::format("LightCNN wants spectrograms of {} x {}, got shape {}", bins, frames,
                            features.defined() ? c10::str(features.sizes()) : "of nothing"));
  }
  const auto embedding = embed(features.unsqueeze(1));
  show("bn_fc1", embedding);
  const auto kept = dropout_(embedding);
  return {angular_.is_empty() ? linear_(kept) : angular_(kept), embedding};
}

}  // namespace

LightCnnOptions LightCnnOptions::from_json(const Json& model) {
  const OptionReader read(model, "model",
                          {"architecture", "input_shape", "num_classes", "dropout_prob", "output"});
  LightCnnOptions o;
  read.integers("input_shape", o.input_shape, 1, 1 << 16);
  read.integer("num_classes", o.num_classes, 2, 1000);
  read.number("dropout_prob", o.dropout_prob, 0, 1);
  read.word("output", o.output, {"angular", "linear"});
  if (o.input_shape[0] != 1 || o.input_shape[1] < kPooled || o.input_shape[2] < kPooled) {
    throw UsageError(
        fmt::format("model.input_shape: wants one channel of at least {0} x {0}", kPooled));
  }
  return o;
}

std::shared_ptr<Network> make_lightcnn(const Json& model) {
  return std::make_shared<LightCnn>(LightCnnOptions::from_json(model));
}

}  // namespace bonafide
