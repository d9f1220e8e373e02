#include "tensor/blas.h"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

namespace bonafide {

namespace {

// Of whatever library has it: bonafide links none of them, LibTorch does.
template <class Function>
Function* find_function(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

}  // namespace

std::string blas_library() {
  void* function = ::dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (function == nullptr || ::dladdr(function, &info) == 0) return "";
  std::error_code unknown;
  const auto real = std::filesystem::canonical(info.dli_fname, unknown);
  return unknown ? std::string(info.dli_fname) : real.string();
}

bool blas_keeps_its_own_threads() {
  constexpr int kOwn = 1;  // 0: one thread only, 2: OpenMP's
  const auto kind = find_function<int()>("openblas_get_parallel");
  return kind != nullptr && kind() == kOwn;
}

void set_blas_threads(int threads) {
  if (!blas_keeps_its_own_threads()) return;
  if (const auto set = find_function<void(int)>("openblas_set_num_threads")) set(threads);
}

}  // namespace bonafide
