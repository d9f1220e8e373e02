#include "checkpoint/published_systems.h"

#include <ATen/record_function.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "base/json_value.h"
#include "features/frontend.h"
#include "recipe/recipe.h"
#include "systems/system.h"

namespace bonafide {
namespace {

int64_t counted_macs = 0;

int64_t size_of(const c10::IValue& tensor, int64_t axis) { return tensor.toTensor().size(axis); }

// Multiply-accumulates of the products that LibTorch does, by the shapes of what goes in and out.
void count(const at::RecordFunction& function, at::ObserverContext*) {
  const std::string name = function.name();
  const auto inputs = function.inputs();
  if (function.outputs().empty() || !function.outputs()[0].isTensor()) return;
  const int64_t outputs = function.outputs()[0].toTensor().numel();
  if (name == "aten::convolution") {
    const auto weight = inputs[1].toTensor();
    const bool transposed = inputs[6].toBool();
    counted_macs +=
        (transposed ? inputs[0].toTensor().numel() : outputs) * (weight.numel() / weight.size(0));
  } else if (name == "aten::mm" || name == "aten::mv") {
    counted_macs += outputs * size_of(inputs[0], 1);
  } else if (name == "aten::addmm") {
    counted_macs += outputs * size_of(inputs[1], 1);
  } else if (name == "aten::bmm") {
    counted_macs += outputs * size_of(inputs[0], 2);
  }
}

int64_t macs_of(System& system, const NetworkInput& input) {
  counted_macs = 0;
  const auto handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback(
          [](const at::RecordFunction&) -> std::unique_ptr<at::ObserverContext> { return nullptr; },
          count)
          .needsInputs(true)
          .needsOutputs(true));
  system.answer({input, {}});
  at::removeCallback(handle);
  return counted_macs;
}

class PublishedSystems : public testing::TestWithParam<PublishedSystem> {};

TEST_P(PublishedSystems, HaveTheSizesAndCostsThatTheTableSays) {
  const torch::NoGradGuard no_grad;
  const PublishedSystem& want = GetParam();
  const Json recipe = Recipe::load(std::string(want.recipe), {}).json();
  const auto system = make_system(recipe);
  system->module().eval();
  const std::vector<float> silence(recipe["input"]["samples"].get<size_t>());

  torch::nn::Module& module = system->module();
  int64_t parameters = 0;
  for (const auto& p : module.parameters()) parameters += p.numel();
  const int64_t macs =
      macs_of(*system, stack({make_frontend(recipe["input"])->make(silence, nullptr)}));

  EXPECT_EQ(parameters, want.parameters);
  EXPECT_EQ(module.parameters().size() + module.buffers().size(), want.tensors);
  EXPECT_NEAR(static_cast<double>(macs) / 1e6, static_cast<double>(want.macs) / 1e6,
              0.002 * static_cast<double>(want.macs) / 1e6);
}

INSTANTIATE_TEST_SUITE_P(Table, PublishedSystems,
                         testing::ValuesIn(published_systems().begin(), published_systems().end()),
                         [](const auto& each) {
                           std::string name(each.param.recipe);
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace bonafide
