#include "tensor/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/cuda.h>

#include <cstdlib>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "tensor/blas.h"

namespace bonafide {

torch::Device find_device(const std::string& name) {
  if (name == "cpu" || (name == "auto" && torch::cuda::device_count() == 0)) return torch::kCPU;
  if (name == "auto") return find_device("cuda");
  const bool numbered = name.rfind("cuda:", 0) == 0;
  const auto index = numbered ? parse_integer(name.substr(5)) : std::optional<int64_t>(0);
  if ((name != "cuda" && !numbered) || !index || *index < 0) {
    throw UsageError(
        fmt::format("device \"{}\": wants cpu, cuda, cuda:N or auto", printable(name)));
  }
  const auto count = static_cast<int64_t>(torch::cuda::device_count());
  if (*index >= count) {
    throw Error(fmt::format("device \"{}\": this LibTorch sees {} CUDA devices", name, count));
  }
  return torch::Device(torch::kCUDA, static_cast<torch::DeviceIndex>(*index));
}

void set_gpu_arithmetic(bool tf32, bool deterministic) {
  // Without it LibTorch refuses cuBLAS's products in deterministic runs; read when cuBLAS starts.
  if (deterministic) ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  auto& context = at::globalContext();
  context.setAllowTF32CuBLAS(tf32);
  context.setAllowTF32CuDNN(tf32);
  context.setDeterministicCuDNN(deterministic);
  context.setBenchmarkCuDNN(!deterministic);
  context.setDeterministicAlgorithms(deterministic, /*warn_only=*/false);
}

int set_threads(int threads) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  const int count = threads > 0 ? threads : std::max(cores, 1);
  at::set_num_threads(count);
  set_blas_threads(count);
  return count;
}

}  // namespace bonafide
