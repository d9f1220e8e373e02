// bonafide-torch with one system more, which has at once what the house must carry and no built-in
// system has: an embedding of recordings of any length, a loss with parameters of its own, a
// reference to compare with, and a score of two parts. It says nothing about voices.
#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/conv.h>

#include "base/json_value.h"
#include "base/options.h"
#include "cli/torch_commands.h"

namespace bonafide {
namespace {

namespace F = torch::nn::functional;

constexpr int64_t kFrame = 160;  // samples

struct ProbeModule : torch::nn::Module {
  ProbeModule(int64_t dimension, int64_t prototypes)
      : frames(torch::nn::Conv1dOptions(1, dimension, kFrame).stride(kFrame)) {
    register_module("frames", frames);
    likeness_bias = register_parameter("likeness_bias", torch::zeros({1}));
    head = register_parameter("head", torch::randn({2, prototypes, dimension}));
  }

  // [B, D], of length 1: the mean over each recording's own frames.
  torch::Tensor embed(const NetworkInput& input) {
    torch::Tensor by_frame = torch::relu(frames(input.wave.unsqueeze(1)));
    auto count = torch::full({input.size()}, by_frame.size(2), torch::kInt64);
    if (input.length.defined()) count = torch::div(input.length, kFrame, "floor");
    const auto own = torch::arange(by_frame.size(2)).unsqueeze(0) < count.unsqueeze(1);
    by_frame = by_frame * own.unsqueeze(1).to(by_frame.dtype());
    return F::normalize(by_frame.sum(2) / count.unsqueeze(1), F::NormalizeFuncOptions().dim(1));
  }

  torch::nn::Conv1d frames;
  torch::Tensor likeness_bias, head;  // [1], [spoof and bona fide, prototypes, D]
};

class Probe : public System {
 public:
  explicit Probe(const Json& recipe) {
    int64_t dimension = 8, prototypes = 1;
    OptionReader(recipe["model"], "model", {"dimension"}).integer("dimension", dimension, 1, 1024);
    const OptionReader loss(recipe["loss"], "loss", {"prototypes", "scale"});
    loss.integer("prototypes", prototypes, 1, 1024);
    loss.number("scale", scale_, 0, 100);
    OptionReader(recipe["score"], "score", {"likeness", "over"}).number("likeness", share_, 0, 1);
    module_ = std::make_shared<ProbeModule>(dimension, prototypes);
  }

  LossSum learn(const Batch& batch) override {
    const auto parts = answer(batch).parts;
    LossSum sum;
    sum.total = torch::binary_cross_entropy_with_logits(scale_ * parts.sum(1),
                                                        batch.label.to(parts.dtype()));
    sum.parts = {{"detection", sum.total.detach()}};
    sum.right = parts.detach().sum(1).gt(0).eq(batch.label.eq(1)).sum();
    sum.answers = torch::full_like(sum.right, batch.label.size(0));
    return sum;
  }

  Answer answer(const Batch& batch) override {
    const auto own = module_->embed(batch.input), other = module_->embed(batch.reference);
    const auto cosines = std::get<0>(torch::einsum("bd,cpd->bcp", {own, module_->head}).max(2));
    const auto detection = cosines.select(1, 1) - cosines.select(1, 0);
    const auto likeness = (own * other).sum(1) + module_->likeness_bias;
    return {(1 - share_) * detection + share_ * likeness, own,
            torch::stack({detection, likeness}, 1)};
  }

  std::vector<std::string> part_names() const override { return {"detection", "likeness"}; }
  bool compares() const override { return true; }
  bool needs_reference() const override { return true; }
  bool takes_lengths() const override { return true; }
  torch::nn::Module& module() override { return *module_; }

 private:
  double scale_ = 4, share_ = 0.5;
  std::shared_ptr<ProbeModule> module_;
};

std::unique_ptr<System> make_probe(const Json& recipe) { return std::make_unique<Probe>(recipe); }

}  // namespace
}  // namespace bonafide

int main(int argc, char** argv) {
  using namespace bonafide;
  SystemTable systems = builtin_systems();
  systems["probe"] = make_probe;
  return run_torch_program(systems, argc, argv);
}
