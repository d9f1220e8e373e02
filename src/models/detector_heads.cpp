#include "models/detector_heads.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "base/text.h"
#include "models/spectra_head.h"
#include "models/ssl_aasist.h"
#include "nn/batch_norm.h"
#include "nn/max_pool.h"

namespace bonafide {

namespace {

constexpr int64_t kClasses = 2;
constexpr int64_t kWidestHead = 16384;

class LinearHead : public DetectorHead {
 public:
  explicit LinearHead(int64_t dim)
      : linear_(register_module("proj_fc", torch::nn::Linear(dim, kClasses))) {}

  NetworkOutput forward(const torch::Tensor& states) override {
    const auto embedding = states[0].mean(1);
    return {linear_(embedding), embedding};
  }

 private:
  torch::nn::Linear linear_;
};

class XlsrAasistHead : public DetectorHead {
 public:
  explicit XlsrAasistHead(const SslAasistOptions& options) : aasist_(options, *this) {}

  NetworkOutput forward(const torch::Tensor& states) override {
    const auto [embedding, logits] = aasist_.run(
        states[0],
        [this](const std::string& name, const torch::Tensor& value) { watcher_(name, value); });
    return {logits, embedding};
  }

 private:
  SslAasist aasist_;
};

class SlsHead : public DetectorHead {
 public:
  static constexpr int64_t kPool = 3;

  SlsHead(int64_t frames, int64_t dim, int64_t hidden)
      : frames_(frames),
        first_bn_(register_module("first_bn", BatchNorm(1))),
        fc0_(register_module("fc0", torch::nn::Linear(dim, 1))),
        fc1_(register_module("fc1", torch::nn::Linear((frames / kPool) * (dim / kPool), hidden))),
        fc3_(register_module("fc3", torch::nn::Linear(hidden, kClasses))) {}

  bool looks_at_all_layers() const override { return true; }

  NetworkOutput forward(const torch::Tensor& states) override {
    if (states.size(2) != frames_) {
      throw Error(
          fmt::format("this head takes exactly {} frames, found {}", frames_, states.size(2)));
    }
    const auto weights = torch::sigmoid(fc0_(states.mean(2)));  // [L, B, 1]
    watcher_("layer_weights", weights.squeeze(2).transpose(0, 1));
    const auto map = (states * weights.unsqueeze(2)).sum(0).unsqueeze(1);
    const auto pooled = max_pool(torch::selu(first_bn_(map)), {kPool, kPool});
    const auto embedding = torch::selu(fc1_(pooled.flatten(1)));
    return {torch::selu(fc3_(embedding)), embedding};
  }

 private:
  int64_t frames_;
  BatchNorm first_bn_;
  torch::nn::Linear fc0_, fc1_, fc3_;
};

std::shared_ptr<DetectorHead> make_xlsr_aasist(const Json& options, int64_t dim) {
  std::vector<std::string> keys = ssl_aasist_keys();
  keys.emplace_back("name");
  SslAasistOptions o;
  o.input_dim = dim;
  read_ssl_aasist(OptionReader(options, "model.head", keys), o);
  return std::make_shared<XlsrAasistHead>(o);
}

std::shared_ptr<DetectorHead> make_sls_head(const Json& options, int64_t dim) {
  const OptionReader read(options, "model.head", {"name", "frames", "hidden_dim"});
  int64_t frames = 201, hidden = 1024;
  read.integer("frames", frames, SlsHead::kPool, 1 << 16);
  read.integer("hidden_dim", hidden, 1, kWidestHead);
  if (dim < SlsHead::kPool) throw UsageError("model.head: sls takes at least three dimensions");
  return std::make_shared<SlsHead>(frames, dim, hidden);
}

std::shared_ptr<DetectorHead> make_linear(const Json& options, int64_t dim) {
  OptionReader(options, "model.head", {"name"});
  return std::make_shared<LinearHead>(dim);
}

using HeadMaker = std::shared_ptr<DetectorHead> (*)(const Json& options, int64_t dim);

const std::map<std::string, HeadMaker>& head_makers() {
  static const std::map<std::string, HeadMaker> table = {{"linear", make_linear},
                                                         {"sls", make_sls_head},
                                                         {"spectra-aasist", make_spectra_head},
                                                         {"xlsr-aasist", make_xlsr_aasist}};
  return table;
}

}  // namespace

std::shared_ptr<DetectorHead> make_detector_head(const Json& options, int64_t dim) {
  if (!options.is_object()) {
    throw UsageError(fmt::format("model.head: {} is not a section", printable(options.dump())));
  }
  std::vector<std::string> names;
  for (const auto& [name, maker] : head_makers()) names.push_back(name);
  std::string name = "linear";
  const Json just_name = {{"name", options.value("name", Json(name))}};
  OptionReader(just_name, "model.head", {"name"}).word("name", name, names);
  return head_makers().at(name)(options, dim);
}

}  // namespace bonafide
