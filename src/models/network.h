#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "features/frontend.h"
#include "nn/sinc_conv.h"

namespace bonafide {

struct NetworkOutput {
  torch::Tensor logits;     // [B, 2]
  torch::Tensor embedding;  // [B, D], the last hidden layer
  // What a network makes again of its input, to learn by; undefined where it does not.
  NetworkInput reconstruction = {};
};

// What is called with intermediate results, if anybody wants them.
struct Watcher : std::function<void(const std::string& name, const torch::Tensor& value)> {
  using function::function;
  void operator()(const std::string& name, const torch::Tensor& value) const {
    if (*this) function::operator()(name, value);
  }
};

// A network from utterances to two logits. Its parameters carry the names of the published code's
// state dict, it has no data type of its own, and it judges each row of a batch by itself.
class Network : public torch::nn::Module {
 public:
  // A batch as the recipe's front end makes it. Throws Error for sizes that do not fit.
  virtual NetworkOutput forward(const NetworkInput& input) = 0;

  // Whether the logits are cosines, as angular margins want them.
  virtual bool gives_cosines() const { return false; }
  // Whether it heeds NetworkInput::length. One that does not takes batches of equal lengths alone.
  virtual bool takes_lengths() const { return false; }
  // How many utterances at once a processor scores fastest: one where maps that leave its caches
  // cost more than weights that are read again.
  virtual size_t best_batch() const { return 1; }
  // The fixed filter bank in front, if there is one.
  virtual SincConv* sinc_conv() { return nullptr; }

  // From now on `watcher` is shown intermediate results, under the names of the modules (in the
  // state dict's notation) that made them.
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }

 protected:
  void show(const std::string& name, const torch::Tensor& value) const { watcher_(name, value); }

  // Shows the results of the module `name` to our watcher; empty when there is none.
  Watcher shown_below(const std::string& name) const;

 private:
  Watcher watcher_;
};

// The network that the recipe section `model` describes; model.architecture names it. Throws
// UsageError for an unknown architecture or option.
std::shared_ptr<Network> make_network(const Json& model);

std::vector<std::string> architectures();

}  // namespace bonafide
