#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bonafide {

// This process among those of a data-parallel job. Every process must make the same calls in the
// same order. A call throws Error when another process has gone.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;
  bool first() const { return rank() == 0; }

  // The sum over all processes, in place, on the job's device.
  virtual void sum(torch::Tensor& tensor) = 0;
  // The same while this process goes on; the function that comes back waits for the sum.
  virtual std::function<void()> begin_sum(torch::Tensor& tensor) = 0;
  // What rank 0 has, in place.
  virtual void broadcast(torch::Tensor& tensor) = 0;
  // The bytes of every process, in order of rank, on every process.
  virtual std::vector<std::string> gather(const std::string& bytes) = 0;
};

// Which process of which job this is.
struct Place {
  int rank = 0;
  int size = 1;
  int local_rank = 0;  // among those of this machine: the number of its GPU
  int local_size = 1;  // processes of this machine, as far as the launcher says
  std::string address = "127.0.0.1";
  int port = 0;
  bool store_is_hosted = false;  // torchrun's agent already serves at the address
};

// What the launcher says in the environment: torchrun (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR,
// MASTER_PORT), Slurm's srun, or Open MPI's mpirun. Those two know no address: on several machines
// MASTER_ADDR must be set for them, and MASTER_PORT may be. Throws UsageError.
Place place_from_environment();

// Joins the job: Gloo between processors, NCCL between GPUs. A job of one needs no network.
std::unique_ptr<Communicator> join(const Place& place, torch::Device device);

// What compute.device means for this process: of several GPUs, "cuda" and "auto" are its own.
std::string device_of(const std::string& device, const Place& place);

constexpr int64_t kMostThreads = 1024;
// What compute.threads means for this process: 0 is its share of this machine's cores. Throws
// UsageError below 0 and above kMostThreads.
int threads_of(int64_t threads, const Place& place);

// Throws Error, in every process, unless `mine` is the same in all of them. `what`: "the inputs".
void expect_same(Communicator& communicator, const std::string& mine, const std::string& what);

// Contiguous shares of `count` things, sizes differing by at most one: [begin, end) of `rank`.
std::pair<size_t, size_t> share_of(size_t count, int rank, int size);

}  // namespace bonafide
