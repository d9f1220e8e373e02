#include "tensor/state.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

torch::nn::Sequential small() {
  return torch::nn::Sequential(torch::nn::Linear(2, 3), torch::nn::BatchNorm1d(3));
}

TEST(State, ListsParametersThenBuffersOfEachModule) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : state_of(*small())) names.push_back(name);

  const std::vector<std::string> want = {"0.weight",
                                         "0.bias",
                                         "1.weight",
                                         "1.bias",
                                         "1.running_mean",
                                         "1.running_var",
                                         "1.num_batches_tracked"};
  EXPECT_EQ(names, want);
}

TEST(State, ComesBackAsItWas) {
  auto first = small();
  auto second = small();
  first->forward(torch::randn({4, 2}));

  load_state(*second, save_state(*first), "first");

  const auto before = state_of(*first);
  const auto after = state_of(*second);
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_TRUE(torch::equal(before[i].second, after[i].second)) << before[i].first;
  }
}

TEST(State, SaysWhatIsMissingMisshapenAndSurplus) {
  auto module = small();
  TensorFile file = save_state(*small());
  file.tensors[0].second.shape = {2, 3};
  file.tensors[1].first = "0.bais";

  const std::string message = error_text([&] { load_state(*module, file, "x.pth"); });

  EXPECT_NE(message.find("x.pth"), std::string::npos) << message;
  EXPECT_NE(message.find("missing (0.bias)"), std::string::npos) << message;
  EXPECT_NE(message.find("0.weight is [2, 3]"), std::string::npos) << message;
  EXPECT_NE(message.find("0.bais"), std::string::npos) << message;
}

TEST(State, DoesWithoutBatchCounters) {
  auto module = small();
  TensorFile file = save_state(*small());
  file.tensors.pop_back();

  EXPECT_NO_THROW(load_state(*module, file, "x.pth"));
}

TEST(TakeState, CopiesWhatFitsByNameAndShapeAndTellsTheRest) {
  auto module = small();
  TensorFile file = save_state(*small());
  file.tensors[0].second.shape = {2, 3};
  file.tensors[1].first = "0.bais";

  const Taken taken = take_state(*module, file);

  EXPECT_EQ(taken.misshapen, std::vector<std::string>{"0.weight"});
  EXPECT_EQ(taken.absent, std::vector<std::string>{"0.bias"});
  EXPECT_EQ(taken.surplus, std::vector<std::string>{"0.bais"});
  EXPECT_EQ(taken.names.size(), 4U);
}

TEST(TakeState, PutsAnotherBeginningBeforeTheNames) {
  auto inner = small(), other = small();
  torch::nn::ModuleList outer;
  outer->push_back(inner);
  TensorFile file;
  for (auto& [name, tensor] : save_state(*other).tensors) {
    file.tensors.emplace_back("encoder." + name, tensor);
  }
  file.tensors.emplace_back("head.weight", file.tensors[0].second);

  const Taken taken = take_state(*outer, file, "encoder.", "0.");

  EXPECT_TRUE(taken.surplus.empty() && taken.absent.empty());
  EXPECT_TRUE(torch::equal(inner->parameters()[0], other->parameters()[0]));
}

}  // namespace
}  // namespace bonafide
