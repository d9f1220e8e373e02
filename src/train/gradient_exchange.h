#pragma once

#include <torch/torch.h>

#include <functional>
#include <mutex>
#include <vector>

#include "processes/communicator.h"

namespace bonafide {

// Makes the gradients of all processes of a job their sum. Parameters go into buckets in the
// reverse of their order, roughly the order in which backward reaches them; a full bucket travels
// while backward goes on. (As Li et al., "PyTorch Distributed", VLDB 2020.)
//
// A parameter that got a gradient in no process keeps none, so that an optimiser leaves it alone.
class GradientExchange {
 public:
  // Of the parameters that learn now; make a new exchange when some are frozen or thawed.
  // `bucket_bytes`: how much travels at once.
  GradientExchange(torch::nn::Module& module, Communicator& communicator,
                   size_t bucket_bytes = size_t{25} << 20);
  ~GradientExchange();

  GradientExchange(const GradientExchange&) = delete;
  GradientExchange& operator=(const GradientExchange&) = delete;

  // Before the backward pass whose end completes the gradients (the last one of an accumulation).
  void begin();
  // After it: every gradient is the sum over the processes.
  void finish();

 private:
  struct Slot {
    torch::Tensor parameter;
    size_t bucket;
    int64_t offset;
    unsigned hook;
  };
  struct Bucket {
    torch::Tensor flat;
    size_t members = 0;
    size_t waiting = 0;  // members whose gradient has not come yet
    std::function<void()> wait;
  };

  void add(const torch::Tensor& parameter, size_t bucket_bytes);
  void arrived(size_t slot, const torch::Tensor& gradient);
  void send_full_buckets();

  Communicator& communicator_;
  std::vector<Slot> slots_;
  std::vector<Bucket> buckets_;
  std::mutex mutex_;
  bool active_ = false;
  size_t next_ = 0;     // the first bucket not yet sent: all processes send in the same order
  torch::Tensor used_;  // [slots], 1 where a gradient came
};

}  // namespace bonafide
