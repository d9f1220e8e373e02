#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <optional>
#include <thread>

#include "base/environment.h"
#include "base/error.h"
#include "base/text.h"
#include "processes/communicator.h"
#include "tensor/device.h"

namespace bonafide {

namespace {

int whole(const char* name, int least, int most) {
  const auto text = environment_variable(name);
  const auto value = parse_integer(text.value_or(""));
  if (!value || *value < least || *value > most) {
    throw UsageError(fmt::format("{}=\"{}\": wants a whole number from {} to {}", name,
                                 printable(text.value_or("")), least, most));
  }
  return static_cast<int>(*value);
}

constexpr int kMostRanks = 1 << 20;

// The names under which one launcher tells rank, size and local rank.
struct Launcher {
  const char* rank;
  const char* size;
  const char* local_rank;
  const char* job;         // text that all processes of a job share
  const char* nodes;       // how many machines; null: size of this machine's share instead
  const char* local_size;  // null: the size on one machine
};

constexpr Launcher kTorchrun = {"RANK",  "WORLD_SIZE", "LOCAL_RANK",
                                nullptr, nullptr,      "LOCAL_WORLD_SIZE"};
// SLURM_NTASKS is also set in a batch script that runs once, SLURM_STEP_NUM_TASKS only by srun.
constexpr Launcher kSlurm = {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID",
                             "SLURM_JOB_ID", "SLURM_STEP_NUM_NODES", nullptr};
constexpr Launcher kOpenMpi = {"OMPI_COMM_WORLD_RANK",
                               "OMPI_COMM_WORLD_SIZE",
                               "OMPI_COMM_WORLD_LOCAL_RANK",
                               "OMPI_MCA_ess_base_jobid",
                               nullptr,
                               "OMPI_COMM_WORLD_LOCAL_SIZE"};

bool on_one_machine(const Launcher& launcher, int size) {
  if (launcher.nodes != nullptr) return environment_variable(launcher.nodes).value_or("1") == "1";
  return whole(launcher.local_size, 1, kMostRanks) == size;
}

// 1 when the launcher does not say.
int local_size(const Launcher& launcher, int size) {
  if (launcher.local_size == nullptr) return on_one_machine(launcher, size) ? size : 1;
  return environment_variable(launcher.local_size) ? whole(launcher.local_size, 1, kMostRanks) : 1;
}

// A port that all processes of a job choose alike and two jobs of a machine hardly ever.
int port_of_job(const Launcher& launcher) {
  const auto job = environment_variable(launcher.job).value_or("");
  return 20000 + static_cast<int>(std::hash<std::string>{}(job) % 10000);
}

void find_meeting_point(const Launcher& launcher, Place& place) {
  const auto address = environment_variable("MASTER_ADDR");
  const bool torchrun = launcher.job == nullptr;
  if (!address && (torchrun || !on_one_machine(launcher, place.size))) {
    throw UsageError(
        fmt::format("{} is set but MASTER_ADDR is not: where is rank 0?", launcher.size));
  }
  if (address) place.address = *address;
  place.port = torchrun || environment_variable("MASTER_PORT") ? whole("MASTER_PORT", 1, 65535)
                                                               : port_of_job(launcher);
}

}  // namespace

Place place_from_environment() {
  Place place;
  for (const Launcher& launcher : {kTorchrun, kSlurm, kOpenMpi}) {
    if (!environment_variable(launcher.size) || !environment_variable(launcher.rank)) continue;
    place.size = whole(launcher.size, 1, kMostRanks);
    place.rank = whole(launcher.rank, 0, place.size - 1);
    place.local_rank = environment_variable(launcher.local_rank)
                           ? whole(launcher.local_rank, 0, place.size - 1)
                           : place.rank;
    if (place.size > 1) find_meeting_point(launcher, place);
    place.local_size = local_size(launcher, place.size);
    break;
  }
  place.store_is_hosted = environment_variable("TORCHELASTIC_USE_AGENT_STORE") == "True";
  return place;
}

std::string device_of(const std::string& device, const Place& place) {
  const bool own = device == "cuda" || (device == "auto" && find_device(device).is_cuda());
  return own ? fmt::format("cuda:{}", place.local_rank) : device;
}

int threads_of(int64_t threads, const Place& place) {
  if (threads < 0 || threads > kMostThreads) {
    throw UsageError(
        fmt::format("compute.threads: {} is not between 0 and {}", threads, kMostThreads));
  }
  if (threads > 0) return static_cast<int>(threads);
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, cores / place.local_size);
}

void expect_same(Communicator& communicator, const std::string& mine, const std::string& what) {
  for (const std::string& theirs : communicator.gather(mine)) {
    if (theirs != mine) {
      throw Error(fmt::format("{} are not the same in all processes of the job", what));
    }
  }
}

std::pair<size_t, size_t> share_of(size_t count, int rank, int size) {
  const auto r = static_cast<size_t>(rank), n = static_cast<size_t>(size);
  return {count * r / n, count * (r + 1) / n};
}

}  // namespace bonafide
