#include "tensor/one_thread.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <thread>

namespace bonafide {
namespace {

TEST(OneThread, KeepsLibTorchToTheThreadThatAsksForIt) {
  torch::set_num_threads(3);
  int there = 0;
  std::thread([&] {
    keep_to_this_thread();
    keep_to_this_thread();
    there = torch::get_num_threads();
  }).join();
  int elsewhere = 0;
  std::thread([&] { elsewhere = torch::get_num_threads(); }).join();

  EXPECT_EQ(there, 1);
  EXPECT_EQ(elsewhere, 3);
  EXPECT_EQ(torch::get_num_threads(), 3);
}

}  // namespace
}  // namespace bonafide
