// Two processes with half a batch each must learn what one process learns from the whole batch.

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <torch/torch.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/json_value.h"
#include "checkpoint/safetensors.h"
#include "nn/batch_norm.h"
#include "recipe/recipe.h"
#include "scratch.h"
#include "systems/system.h"
#include "tensor/state.h"
#include "train/update.h"

namespace bonafide {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kBatch = 6;  // joined
constexpr int kSteps = 3;

Json recipe() {
  return Recipe::load("aasist", {"model.filts=[70,[1,4],[4,4],[4,4],[4,4]]", "model.gat_dims=[4,4]",
                                 "optimizer.lr=0.001"})
      .json();
}

// Without dropout, whose random numbers are each process' own; in double precision, because Adam
// turns the rounding noise of gradients that ought to be 0 (of a bias before batch norm) into
// steps.
std::unique_ptr<System> make() {
  torch::manual_seed(1);
  auto system = make_system(recipe());
  for (const auto& child : system->module().modules()) {
    if (auto* dropout = child->as<torch::nn::DropoutImpl>()) dropout->options.p(0.0);
  }
  system->module().to(torch::kFloat64);
  system->module().train();
  return system;
}

// The rows of this process in the joined batch of a step; the classes are spread unevenly.
Batch rows(int step, const Communicator& communicator) {
  torch::manual_seed(100 + static_cast<uint64_t>(step));
  const auto wave = torch::randn({kBatch, 5000}, torch::kFloat64) * 0.1;
  const auto label = torch::tensor({1, 0, 1, 0, 0, 0});
  const auto [begin, end] = share_of(kBatch, communicator.rank(), communicator.size());
  const auto first = static_cast<int64_t>(begin), count = static_cast<int64_t>(end - begin);
  return {wave.narrow(0, first, count), label.narrow(0, first, count)};
}

UpdateResult take_step(Update& update, const std::vector<Batch>& batches) {
  Random random(1);
  return update.run(batches, 0.001, {}, random);
}

TensorFile learn(Communicator& communicator, const UpdateOptions& options) {
  at::set_num_threads(1);
  const auto system = make();
  Optimizer optimizer(recipe()["optimizer"], system->module());
  if (communicator.size() > 1) {
    synchronize_batch_norm([&](torch::Tensor& tensor) { communicator.sum(tensor); });
  }
  Update update(*system, optimizer, communicator, options);
  for (int step = 0; step < kSteps; ++step) take_step(update, {rows(step, communicator)});
  synchronize_batch_norm({});
  return save_state(system->module());
}

fs::path result_of(const std::string& folder, int rank) {
  return fs::path(folder) / ("rank" + std::to_string(rank) + ".safetensors");
}

// Runs in the processes that the test below starts.
TEST(Distributed, DISABLED_Worker) {
  const auto communicator = join(place_from_environment(), torch::kCPU);
  const TensorFile weights = learn(*communicator, {});
  EXPECT_EQ(communicator->gather("from " + std::to_string(communicator->rank())),
            (std::vector<std::string>{"from 0", "from 1"}));
  write_safetensors(result_of(std::getenv("BONAFIDE_TEST_FOLDER"), communicator->rank()), weights);
}

pid_t start_worker(int rank, int port, const std::string& folder) {
  const std::vector<std::string> variables = {
      "RANK=" + std::to_string(rank), "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1",
      "MASTER_PORT=" + std::to_string(port), "BONAFIDE_TEST_FOLDER=" + folder};
  const std::vector<std::string> arguments = {"train_test", "--gtest_also_run_disabled_tests",
                                              "--gtest_filter=Distributed.DISABLED_Worker"};
  std::vector<char*> environment, argv;
  for (const auto& text : variables) environment.push_back(const_cast<char*>(text.c_str()));
  for (char** text = environ; *text != nullptr; ++text) environment.push_back(*text);
  for (const auto& text : arguments) argv.push_back(const_cast<char*>(text.c_str()));
  environment.push_back(nullptr);
  argv.push_back(nullptr);
  pid_t child = 0;
  EXPECT_EQ(
      ::posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, argv.data(), environment.data()),
      0);
  return child;
}

int status_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(Distributed, TwoProcessesLearnWhatOneLearnsFromTheJoinedBatch) {
  const Scratch scratch;
  const fs::path& folder = scratch.path();
  const int port = 30000 + getpid() % 20000;
  const pid_t first = start_worker(0, port, folder.string());
  const pid_t second = start_worker(1, port, folder.string());
  ASSERT_EQ(status_of(first), 0);
  ASSERT_EQ(status_of(second), 0);

  const auto alone = join({}, torch::kCPU);
  const TensorFile joined = learn(*alone, {});

  const TensorFile rank0 = read_safetensors(result_of(folder.string(), 0));
  const TensorFile rank1 = read_safetensors(result_of(folder.string(), 1));
  for (const auto& [name, tensor] : joined.tensors) {
    const auto want = tensor.to_doubles();
    const auto got = rank0.find(name)->to_doubles();
    EXPECT_EQ(got, rank1.find(name)->to_doubles()) << name;
    ASSERT_EQ(got.size(), want.size());
    for (size_t i = 0; i < want.size(); ++i) {
      EXPECT_NEAR(got[i], want[i], 1e-9 * std::max(1.0, std::abs(want[i]))) << name << " " << i;
    }
  }
}

TEST(Distributed, JoinsTheBatchesOfAnAccumulationToOne) {
  const auto alone = join({}, torch::kCPU);
  const auto whole = make(), parts = make();
  whole->module().eval();  // batch norm would see other batches
  parts->module().eval();
  Optimizer whole_optimizer(recipe()["optimizer"], whole->module());
  Optimizer parts_optimizer(recipe()["optimizer"], parts->module());
  const Batch batch = rows(0, *alone);
  const auto cut = [&](int64_t begin, int64_t count) {
    return Batch{batch.input.wave.narrow(0, begin, count), batch.label.narrow(0, begin, count)};
  };

  Update update_whole(*whole, whole_optimizer, *alone, {});
  Update update_parts(*parts, parts_optimizer, *alone, {});
  const double loss = take_step(update_whole, {batch}).loss;
  const double sum = take_step(update_parts, {cut(0, 1), cut(1, 3), cut(4, 2)}).loss;

  EXPECT_NEAR(sum, loss, 1e-12);
  const auto a = whole->module().named_parameters(), b = parts->module().named_parameters();
  for (const auto& item : a) {
    const auto& gradient = item.value().grad();
    if (!gradient.defined()) continue;
    EXPECT_LT((gradient - b[item.key()].grad()).norm().item<double>(),
              1e-9 * std::max(1e-3, gradient.norm().item<double>()))
        << item.key();
  }
}

TEST(Update, BringsTheGradientsNormDownToTheLimit) {
  const auto alone = join({}, torch::kCPU);
  const auto system = make();
  Optimizer optimizer(recipe()["optimizer"], system->module());
  UpdateOptions options;
  options.clip_norm = 1e-3;

  Update update(*system, optimizer, *alone, options);
  const UpdateResult result = take_step(update, {rows(0, *alone)});

  EXPECT_GT(result.gradient_norm.value(), 1e-3);
  double square = 0;
  for (const auto& parameter : system->module().parameters()) {
    if (parameter.grad().defined()) square += parameter.grad().square().sum().item<double>();
  }
  EXPECT_NEAR(std::sqrt(square), 1e-3, 1e-5);  // LibTorch adds 1e-6 to the norm
}

TEST(ShareOf, CutsIntoPiecesThatDifferByOneAtMost) {
  size_t next = 0;
  for (int rank = 0; rank < 3; ++rank) {
    const auto [begin, end] = share_of(11, rank, 3);
    EXPECT_EQ(begin, next);
    EXPECT_GE(end - begin, 3u);
    EXPECT_LE(end - begin, 4u);
    next = end;
  }
  EXPECT_EQ(next, 11u);
}

}  // namespace
}  // namespace bonafide
