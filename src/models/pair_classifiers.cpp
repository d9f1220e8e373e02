#include "models/pair_classifiers.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "models/feature_processors.h"
#include "models/rat.h"
#include "nn/ff_stack.h"

namespace bonafide {

namespace {

using Processor = std::shared_ptr<FeatureProcessor>;

// Recordings and references one behind the other, each layer's: [L, B, Tr + Tt, D].
torch::Tensor joined(const torch::Tensor& test, const torch::Tensor& reference) {
  return torch::cat({reference, test}, /*dim=*/2);
}

// With a processor and, unless `stack_dim` is 0, the last layers.
class FfClassifier : public PairClassifier {
 public:
  FfClassifier(Processor processor, int64_t stack_dim) : processor_(std::move(processor)) {
    register_module("feature_processor", processor_);
    if (stack_dim > 0) stack_ = register_module("classifier", make_ff_stack(stack_dim));
  }

 protected:
  NetworkOutput classify(const torch::Tensor& embedding) {
    return {stack_->forward(embedding), embedding};
  }

  Processor processor_;
  torch::nn::Sequential stack_ = nullptr;
};

// Looks at one embedding of each recording.
class EmbeddingClassifier : public FfClassifier {
 public:
  using FfClassifier::FfClassifier;

  torch::Tensor summary(const torch::Tensor& states) override {
    return pools() ? processor_->forward(states) : states;
  }
  bool pools() const override { return !processor_->learns(); }

  NetworkOutput forward(const torch::Tensor& test, const torch::Tensor& reference) override {
    return judge(embedded(test), compares() ? embedded(reference) : reference);
  }

 protected:
  virtual NetworkOutput judge(const torch::Tensor& test, const torch::Tensor& reference) = 0;

 private:
  torch::Tensor embedded(const torch::Tensor& summary) {
    return pools() ? summary : processor_->forward(summary);
  }
};

// Of one recording, or of one waveform that has both in it.
class Ff : public EmbeddingClassifier {
 public:
  Ff(Processor processor, bool joins)
      : EmbeddingClassifier(processor, processor->output_dim()), joins_(joins) {}

  bool compares() const override { return false; }
  bool needs_reference() const override { return joins_; }
  bool joins_waveforms() const override { return joins_; }

 protected:
  NetworkOutput judge(const torch::Tensor& test, const torch::Tensor&) override {
    return classify(test);
  }

 private:
  bool joins_;
};

using Difference = torch::Tensor (*)(const torch::Tensor& difference);

class FfDiff : public EmbeddingClassifier {
 public:
  FfDiff(Processor processor, Difference change)
      : EmbeddingClassifier(processor, processor->output_dim()), change_(change) {}

 protected:
  NetworkOutput judge(const torch::Tensor& test, const torch::Tensor& reference) override {
    return classify(change_(reference - test));
  }

 private:
  Difference change_;
};

class FfConcat3 : public EmbeddingClassifier {
 public:
  explicit FfConcat3(Processor processor)
      : EmbeddingClassifier(processor, 2 * processor->output_dim()) {}

 protected:
  NetworkOutput judge(const torch::Tensor& test, const torch::Tensor& reference) override {
    return classify(torch::cat({reference, test}, /*dim=*/1));
  }
};

// The published one answers with sigmoid(r . t); here that is the softmax of two logits.
class FfDot : public EmbeddingClassifier {
 public:
  explicit FfDot(Processor processor) : EmbeddingClassifier(processor, 0) {}

 protected:
  NetworkOutput judge(const torch::Tensor& test, const torch::Tensor& reference) override {
    const auto product = (reference * test).sum(1);
    return {torch::stack({product, torch::zeros_like(product)}, /*dim=*/1), test};
  }
};

class FfConcat2 : public FfClassifier {
 public:
  explicit FfConcat2(Processor processor) : FfClassifier(processor, processor->output_dim()) {}

  NetworkOutput forward(const torch::Tensor& test, const torch::Tensor& reference) override {
    return classify(processor_->forward(joined(test, reference)));
  }
};

// What an LSTM makes of both, one behind the other.
class FfLstm : public FfClassifier {
 public:
  FfLstm(Processor processor, const HiddenStates& states, int64_t stack_dim)
      : FfClassifier(processor, stack_dim),
        lstm_(register_module(
            "lstm",
            torch::nn::LSTM(
                torch::nn::LSTMOptions(states.dim, states.dim).num_layers(2).batch_first(true)))) {}

 protected:
  torch::Tensor read(const torch::Tensor& sequence) {
    return std::get<0>(lstm_(sequence.contiguous()));
  }

 private:
  torch::nn::LSTM lstm_;
};

// Its last state over the mean of the layers; with AASIST all its states over the last layer.
class FfLstm1 : public FfLstm {
 public:
  FfLstm1(Processor processor, const HiddenStates& states, bool by_processor)
      : FfLstm(processor, states, by_processor ? processor->output_dim() : states.dim),
        by_processor_(by_processor) {}

  NetworkOutput forward(const torch::Tensor& test, const torch::Tensor& reference) override {
    const auto both = joined(test, reference);
    if (by_processor_) {
      return classify(processor_->forward(read(both[both.size(0) - 1]).unsqueeze(0)));
    }
    const auto sequence = read(both.mean(0));
    return classify(sequence.select(1, sequence.size(1) - 1));
  }

 private:
  bool by_processor_;
};

// Over all layers, one behind the other.
class FfLstm2 : public FfLstm {
 public:
  FfLstm2(Processor processor, const HiddenStates& states)
      : FfLstm(processor, states, processor->output_dim()) {}

  NetworkOutput forward(const torch::Tensor& test, const torch::Tensor& reference) override {
    const auto both = joined(test, reference);
    const int64_t layers = both.size(0), batch = both.size(1), frames = both.size(2);
    const auto sequence = read(both.transpose(0, 1).reshape({batch, layers * frames, -1}));
    return classify(
        processor_->forward(sequence.view({batch, layers, frames, -1}).transpose(0, 1)));
  }
};

std::shared_ptr<PairClassifier> make_ff(const std::string& name, const Processor& processor,
                                        const HiddenStates& states, bool is_aasist) {
  if (name == "ff") return std::make_shared<Ff>(processor, false);
  if (name == "ff-concat1") return std::make_shared<Ff>(processor, true);
  if (name == "ff-concat2") return std::make_shared<FfConcat2>(processor);
  if (name == "ff-concat3") return std::make_shared<FfConcat3>(processor);
  if (name == "ff-dot") return std::make_shared<FfDot>(processor);
  if (name == "ff-lstm2") return std::make_shared<FfLstm2>(processor, states);
  if (name == "ff-lstm") return std::make_shared<FfLstm1>(processor, states, is_aasist);
  Difference change = [](const torch::Tensor& difference) { return difference; };
  if (name == "ff-diff-abs") change = [](const torch::Tensor& d) { return d.abs(); };
  if (name == "ff-diff-quadratic") change = [](const torch::Tensor& d) { return d.square(); };
  return std::make_shared<FfDiff>(processor, change);
}

}  // namespace

std::shared_ptr<PairClassifier> make_pair_classifier(const Json& model,
                                                     const HiddenStates& states) {
  Json own = Json::object();
  for (const char* key : {"classifier", "processor", "attention_heads", "reference"}) {
    if (model.contains(key)) own[key] = model[key];
  }
  std::string name = "rat";
  const OptionReader read(own, "model",
                          {"classifier", "processor", "attention_heads", "reference"});
  read.word("classifier", name,
            {"ff", "ff-diff", "ff-diff-abs", "ff-diff-quadratic", "ff-concat1", "ff-concat2",
             "ff-concat3", "ff-lstm", "ff-lstm2", "ff-dot", "rat"});
  const Json options = own.value("processor", Json::object());
  const auto processor = make_feature_processor(options, states.layers, states.dim);
  const std::string pooling = options.value("name", "mean");
  if (name == "rat") {
    if (pooling == "mean") return make_rat(own, states.dim);
    throw UsageError(
        fmt::format("model.processor: rat has the mean alone, not {}", printable(pooling)));
  }
  for (const char* key : {"attention_heads", "reference"}) {
    if (own.contains(key)) throw UsageError(fmt::format("model.{}: only rat has it", key));
  }
  return make_ff(name, processor, states, pooling == "aasist");
}

}  // namespace bonafide
