#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>

#include "base/text.h"
#include "cli/doctor.h"
#include "cli/torch_commands.h"
#include "tensor/blas.h"
#include "tensor/device.h"

namespace bonafide {

namespace {

std::string cuda() {
  if (!torch::cuda::is_available()) return "no";
  return fmt::format("yes, {} devices", torch::cuda::device_count());
}

// "Intel(R) MKL-DNN v2.6.3 (Git Hash ...)" without the hash.
std::string without_hash(const std::string& version) {
  return version.substr(0, version.find(" ("));
}

// The vector instructions that LibTorch's own kernels use: it tells only as part of a longer text.
std::string vector_instructions() {
  constexpr std::string_view kBefore = "CPU capability usage: ";
  const std::string text = at::show_config();
  const auto found = text.find(kBefore);
  if (found == std::string::npos) return "unknown";
  const auto start = found + kBefore.size();
  return text.substr(start, text.find('\n', start) - start);
}

bool is_reference(const std::string& library) {
  static constexpr std::array<std::string_view, 5> kFast = {"openblas", "blis", "mkl", "atlas",
                                                            "libtorch"};
  return !library.empty() && std::none_of(kFast.begin(), kFast.end(), [&](std::string_view name) {
    return library.find(name) != std::string::npos;
  });
}

// Of one thread, in 10^9 multiplications and additions a second.
double matrix_product_speed() {
  constexpr int64_t kSize = 512;
  set_threads(1);
  const torch::NoGradGuard no_grad;
  const auto a = torch::rand({kSize, kSize});
  torch::mm(a, a);
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 3; ++i) {
    const auto began = std::chrono::steady_clock::now();
    torch::mm(a, a);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    best = std::min(best, took.count());
  }
  return 2.0 * kSize * kSize * kSize / best / 1e9;
}

int examine() {
  print_fact("LibTorch", TORCH_VERSION);
  print_fact("CUDA", cuda());
  print_fact("oneDNN", at::hasMKLDNN() ? without_hash(at::get_mkldnn_version()) : "no");
  print_fact("OpenMP", at::hasOpenMP() ? at::get_openmp_version() : "no");
  print_fact("vectors", vector_instructions());
  print_fact("threads", fmt::format("{} by default", at::get_num_threads()));
  const std::string library = blas_library();
  print_fact("BLAS", fmt::format("{}, {:.0f} GFLOP/s on one thread",
                                 library.empty() ? "not found" : printable(library),
                                 matrix_product_speed()));
  if (is_reference(library)) {
    print_fact("WARNING",
               "this is the reference BLAS, about 30 times slower than OpenBLAS: "
               "apt install libopenblas0-openmp");
  } else if (blas_keeps_its_own_threads()) {
    print_fact(
        "WARNING",
        "this OpenBLAS keeps threads of its own, in the way of LibTorch's; training can take "
        "twice as long: apt install libopenblas0-openmp and choose it with "
        "update-alternatives");
  }
  return 0;
}

}  // namespace

std::function<int()> declare_doctor_torch(CLI::App&) { return examine; }

}  // namespace bonafide
