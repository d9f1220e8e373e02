#include "nn/max_feature_map.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "base/error.h"

namespace bonafide {

namespace {

constexpr int64_t kGrain = 1 << 14;

// Runs over pairs of equal blocks of memory: item i of a block, `pair` + i of its partner.
template <typename Work>
void for_each_pair(int64_t items, int64_t pair, const Work& work) {
  at::parallel_for(0, items, kGrain, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t item = begin / pair;
      const int64_t stop = std::min(end, (item + 1) * pair);
      work(begin, stop, begin + item * pair);
      begin = stop;
    }
  });
}

// LibTorch's own composition (chunk, maximum) keeps the layer's whole input for the way back, and
// makes the gradient in seven passes over memory. A byte for each pair is enough, and one pass.
class PairwiseMaximum : public torch::autograd::Function<PairwiseMaximum> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& given) {
    const auto x = given.contiguous();
    auto sizes = x.sizes().vec();
    sizes[1] /= 2;
    auto largest = torch::empty(sizes, x.options().requires_grad(false));
    auto winners = torch::empty(sizes, torch::kUInt8);  // 2: the first half's; 1: equals; 0
    const int64_t pair = largest.size(0) == 0 ? 1 : largest.numel() / largest.size(0);
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "max_feature_map", [&] {
      const auto* in = x.data_ptr<scalar_t>();
      auto* out = largest.data_ptr<scalar_t>();
      auto* winner = winners.data_ptr<uint8_t>();
      for_each_pair(largest.numel(), pair, [&](int64_t begin, int64_t end, int64_t at) {
        const scalar_t* a = in + at - begin;
        const scalar_t* b = a + pair;
        for (int64_t i = begin; i < end; ++i) {
          // Not a number stays so, as in torch::maximum.
          out[i] = !(a[i] <= b[i]) && b[i] == b[i] ? a[i] : b[i];
          winner[i] = static_cast<uint8_t>((a[i] >= b[i]) + (a[i] > b[i]));
        }
      });
    });
    context->save_for_backward({winners});
    return largest;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto winners = context->get_saved_variables()[0];
    const auto given = gradients[0].contiguous();
    auto sizes = given.sizes().vec();
    sizes[1] *= 2;
    auto result = torch::empty(sizes, given.options());
    const int64_t pair = given.size(0) == 0 ? 1 : given.numel() / given.size(0);
    AT_DISPATCH_FLOATING_TYPES(given.scalar_type(), "max_feature_map", [&] {
      const auto* in = given.data_ptr<scalar_t>();
      auto* out = result.data_ptr<scalar_t>();
      const auto* winner = winners.data_ptr<uint8_t>();
      // Of equals each gets half, as LibTorch has it.
      constexpr scalar_t kShare[] = {0, scalar_t(0.5), 1};
      for_each_pair(given.numel(), pair, [&](int64_t begin, int64_t end, int64_t at) {
        scalar_t* a = out + at - begin;
        scalar_t* b = a + pair;
        for (int64_t i = begin; i < end; ++i) {
          a[i] = in[i] * kShare[winner[i]];
          b[i] = in[i] * kShare[2 - winner[i]];
        }
      });
    });
    return {result};
  }
};

}  // namespace

torch::Tensor max_feature_map(const torch::Tensor& x) {
  if (x.dim() < 2 || x.size(1) % 2 != 0) {
    throw Error(fmt::format("a max-feature-map wants an even number of channels, got shape {}",
                            c10::str(x.sizes())));
  }
  const bool plain =
      x.is_cpu() && (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kFloat64);
  if (plain && x.requires_grad() && torch::GradMode::is_enabled()) {
    return PairwiseMaximum::apply(x);
  }
  const auto halves = x.chunk(2, /*dim=*/1);
  return torch::maximum(halves[0], halves[1]);
}

}  // namespace bonafide
