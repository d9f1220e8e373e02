#include "systems/torchscript.h"

#include <fmt/format.h>
#include <torch/script.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "base/text.h"

namespace bonafide {

namespace {

// LibTorch's messages go on with a stack trace.
std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return printable(text.substr(0, text.find('\n')), 300);
}

// Of a program that fails LibTorch says where first and why last.
std::string last_line(const std::exception& error) {
  std::string_view text = trim(error.what());
  return printable(text.substr(text.rfind('\n') + 1), 300);
}

// Stands for the script's module where a system shows its own.
class Holder : public torch::nn::Module {
 public:
  explicit Holder(const std::string& file) try : script_(torch::jit::load(file, torch::kCPU)) {
    script_.eval();
  } catch (const c10::Error& e) {
    throw Error(fmt::format("{}: not a TorchScript file ({})", printable(file), first_line(e)));
  }

  void to(torch::Device device, torch::Dtype dtype, bool non_blocking) override {
    script_.to(device, dtype, non_blocking);
  }
  void to(torch::Dtype dtype, bool non_blocking) override { script_.to(dtype, non_blocking); }
  void to(torch::Device device, bool non_blocking) override { script_.to(device, non_blocking); }

  torch::jit::Module& script() { return script_; }

 private:
  torch::jit::Module script_;
};

class TorchScript : public System {
 public:
  explicit TorchScript(const TorchScriptOptions& options)
      : options_(options), holder_(std::make_shared<Holder>(options.file)) {}

  LossSum learn(const Batch&) override {
    throw UsageError("system \"torchscript\" is not trained");
  }

  Answer answer(const Batch& batch) override {
    const auto answer = answered(forward(arguments(batch.input)));
    if (answer.size(0) != batch.input.size()) {
      throw Error(fmt::format("{}: answers {} inputs with {} rows", printable(options_.file),
                              batch.input.size(), answer.size(0)));
    }
    const auto score = by_rule(answer);
    return {options_.turned ? -score : score};
  }

  torch::nn::Module& module() override { return *holder_; }

 private:
  // LibTorch throws errors of several kinds here.
  torch::jit::IValue forward(std::vector<torch::jit::IValue> arguments) {
    try {
      return holder_->script().forward(std::move(arguments));
    } catch (const std::exception& e) {
      throw Error(
          fmt::format("{}: its forward fails ({})", printable(options_.file), last_line(e)));
    }
  }

  std::vector<torch::jit::IValue> arguments(const NetworkInput& input) const {
    std::vector<torch::jit::IValue> list;
    for (const auto& [name, tensor] :
         {std::pair{"wave", input.wave}, {"features", input.features}}) {
      if (options_.input != name && options_.input != "both") continue;
      if (!tensor.defined()) {
        throw UsageError(
            fmt::format("model.input: the front end of this recipe makes no {}", name));
      }
      list.emplace_back(tensor);
    }
    return list;
  }

  torch::Tensor answered(torch::jit::IValue answer) const {
    if (answer.isTuple()) {
      const auto& elements = answer.toTupleRef().elements();
      if (static_cast<size_t>(options_.output) >= elements.size()) {
        throw UsageError(fmt::format("{}: answers with {} values, and model.output is {}",
                                     printable(options_.file), elements.size(), options_.output));
      }
      answer = elements[static_cast<size_t>(options_.output)];
    }
    if (!answer.isTensor() || answer.toTensor().dim() < 1) {
      throw Error(fmt::format("{}: does not answer with a tensor of one row for each input",
                              printable(options_.file)));
    }
    return answer.toTensor();
  }

  torch::Tensor by_rule(const torch::Tensor& answer) const {
    const bool single = options_.rule == "value";
    const int64_t columns = answer.numel() / std::max<int64_t>(answer.size(0), 1);
    if (single ? columns != 1 : (answer.dim() != 2 || columns != 2)) {
      throw UsageError(
          fmt::format("{}: answers with shape {}, which model.rule \"{}\" does not fit",
                      printable(options_.file), c10::str(answer.sizes()), options_.rule));
    }
    if (single) return answer.reshape({-1});
    const auto score = answer.select(1, options_.score_logit);
    return options_.rule == "column" ? score : score - answer.select(1, 1 - options_.score_logit);
  }

  TorchScriptOptions options_;
  std::shared_ptr<Holder> holder_;
};

}  // namespace

TorchScriptOptions TorchScriptOptions::from_json(const Json& recipe) {
  const Json& model = recipe["model"];
  const OptionReader read(model, "model", {"file", "input", "output", "rule", "turned"});
  TorchScriptOptions o;
  const Json* file = read.find("file");
  if (file == nullptr || !file->is_string()) {
    throw UsageError(
        "model.file: names no TorchScript file (score and evaluate take --checkpoint)");
  }
  o.file = file->get<std::string>();
  read.word("input", o.input, {"wave", "features", "both"});
  read.integer("output", o.output, 0, 1000);
  read.word("rule", o.rule, {"column", "difference", "value"});
  read.flag("turned", o.turned);
  o.score_logit = bona_fide_logit(recipe);
  return o;
}

std::unique_ptr<System> make_torchscript(const Json& recipe) {
  return std::make_unique<TorchScript>(TorchScriptOptions::from_json(recipe));
}

}  // namespace bonafide
