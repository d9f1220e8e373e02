#include "nn/ordered_linear.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>

namespace bonafide {

namespace {

constexpr int64_t kTogether = 8;  // sums that grow side by side, so that none waits for itself

// A count that the compiler knows lets it keep the sums in registers.
template <typename T, size_t kCount>
void add_up(const T* x, const T* weight, int64_t in, T* sums) {
  std::array<T, kCount> partial{};
  for (int64_t k = 0; k < in; ++k) {
    for (size_t j = 0; j < kCount; ++j) {
      partial[j] += x[k] * weight[static_cast<int64_t>(j) * in + k];
    }
  }
  std::copy(partial.begin(), partial.end(), sums);
}

template <typename T>
void add_up(const T* x, const T* weight, int64_t in, int64_t count, T* sums) {
  if (count == kTogether) return add_up<T, kTogether>(x, weight, in, sums);
  for (int64_t j = 0; j < count; ++j) add_up<T, 1>(x, weight + j * in, in, sums + j);
}

}  // namespace

torch::Tensor ordered_linear(const torch::Tensor& x, const torch::Tensor& weight,
                             const torch::Tensor& bias) {
  const torch::NoGradGuard no_grad;
  const auto rows = x.contiguous();
  const auto columns = weight.contiguous();
  const int64_t in = weight.size(1);
  const int64_t out = weight.size(0);
  auto sums = torch::empty({x.size(0), out}, x.options());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "ordered_linear", [&] {
    const auto* from = rows.data_ptr<scalar_t>();
    const auto* by = columns.data_ptr<scalar_t>();
    auto* to = sums.data_ptr<scalar_t>();
    at::parallel_for(0, (out + kTogether - 1) / kTogether, 1, [&](int64_t first, int64_t last) {
      for (int64_t block = first; block < last; ++block) {
        const int64_t start = block * kTogether;
        for (int64_t row = 0; row < x.size(0); ++row) {
          add_up(from + row * in, by + start * in, in, std::min(kTogether, out - start),
                 to + row * out + start);
        }
      }
    });
  });
  return sums + bias;
}

}  // namespace bonafide
