#include "systems/torchscript.h"

#include <gtest/gtest.h>
#include <torch/script.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/json_value.h"
#include "recipe/recipe.h"
#include "scratch.h"

namespace bonafide {
namespace {

class TorchScriptTest : public testing::Test {
 protected:
  // A network whose forward has this body, over `x` [B, N].
  void write(const std::string& body) const {
    torch::jit::Module module("network");
    module.define("def forward(self, x):\n    " + body + "\n");
    module.save(file_);
  }

  std::unique_ptr<System> system(std::vector<std::string> overrides = {}) const {
    overrides.push_back("model.file=" + file_);
    return make_system(Recipe::load("torchscript", overrides).json());
  }

  std::vector<float> scores(System& system) const {
    const Batch batch = {torch::tensor({{1.0f, 5.0f}, {2.0f, 4.0f}}), {}};
    const auto values = system.answer(batch).score.contiguous();
    return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
  }

  const Scratch folder_;
  const std::string file_ = (folder_ / "script.pt").string();
};

TEST_F(TorchScriptTest, ScoresByAColumnOfItsAnswer) {
  write("return x * 2");

  EXPECT_EQ(scores(*system()), (std::vector<float>{10, 8}));
  EXPECT_EQ(scores(*system({"score.logit=0"})), (std::vector<float>{2, 4}));
}

TEST_F(TorchScriptTest, ScoresByADifferenceOrASingleValueTurnedRound) {
  write("return x");
  EXPECT_EQ(scores(*system({"model.rule=difference"})), (std::vector<float>{4, 2}));

  write("return x.sum(1)");
  EXPECT_EQ(scores(*system({"model.rule=value", "model.turned=true"})),
            (std::vector<float>{-6, -6}));
}

TEST_F(TorchScriptTest, RefusesAnAnswerOfMoreOrFewerRowsThanInputs) {
  write("return x.reshape(-1)");
  EXPECT_THROW(scores(*system({"model.rule=value"})), Error);

  write("return x[:1]");
  EXPECT_THROW(scores(*system()), Error);
}

TEST_F(TorchScriptTest, TakesTheElementOfATupleThatItIsTold) {
  write("return (x + 1, x)");

  EXPECT_EQ(scores(*system()), (std::vector<float>{6, 5}));
  EXPECT_EQ(scores(*system({"model.output=1"})), (std::vector<float>{5, 4}));
  EXPECT_THROW(scores(*system({"model.output=2"})), Error);
}

TEST_F(TorchScriptTest, RefusesAnAnswerThatTheRuleDoesNotFit) {
  write("return x.sum()");
  EXPECT_THROW(scores(*system()), Error);

  write("return x.sum(1)");
  EXPECT_THROW(scores(*system()), Error);
}

TEST_F(TorchScriptTest, SaysThatItsForwardFails) {
  write("return x.view(7)");

  EXPECT_THROW(scores(*system()), Error);
}

TEST_F(TorchScriptTest, RefusesAFileOfAnotherKind) {
  std::ofstream(file_) << "not a program";

  EXPECT_THROW(system(), Error);
}

TEST_F(TorchScriptTest, IsNotTrained) {
  write("return x");

  EXPECT_THROW(system()->learn({}), UsageError);
}

}  // namespace
}  // namespace bonafide
