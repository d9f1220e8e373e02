#include "nn/max_pool.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

namespace bonafide {

namespace {

constexpr int64_t kPoolGrain = 1 << 14;  // values

struct Shape {
  int64_t rows, columns;        // that come out: of all maps one below the other, and of each row
  int64_t map_rows;             // of a map that comes out
  int64_t in_rows, in_columns;  // of a map that goes in

  // Where the windows of a row begin in what goes in.
  int64_t begin(int64_t row, int64_t height) const {
    return (row / map_rows * in_rows + row % map_rows * height) * in_columns;
  }
};

// One row of windows, by LibTorch's rule: the place of the first of equals, but of the last NaN.
template <int kHeight, int kWidth, typename T>
void pool_row_with_nan(const T* in, int64_t in_columns, int64_t columns, T* out, uint8_t* winners) {
  for (int64_t i = 0; i < columns; ++i) {
    T largest = in[i * kWidth];
    uint8_t winner = 0;
    for (int p = 1; p < kHeight * kWidth; ++p) {
      const T value = in[p / kWidth * in_columns + i * kWidth + p % kWidth];
      if (value > largest || std::isnan(value)) {
        largest = value;
        winner = static_cast<uint8_t>(p);
      }
    }
    out[i] = largest;
    if (winners != nullptr) winners[i] = winner;
  }
}

// The same without branches, which would be mispredicted half of the time. `winners` gets the place
// of each largest value within its window; null: nobody wants to know.
template <int kHeight, int kWidth, bool kKeep, typename T>
void pool_row(const T* in, int64_t in_columns, int64_t columns, T* out, uint8_t* winners) {
  int met_nan = 0;
  for (int64_t i = 0; i < columns; ++i) {
    const auto value = [&](int p) { return in[p / kWidth * in_columns + i * kWidth + p % kWidth]; };
    T largest = value(0);
    met_nan |= std::isnan(largest);
    for (int p = 1; p < kHeight * kWidth; ++p) {
      met_nan |= std::isnan(value(p));
      largest = largest < value(p) ? value(p) : largest;
    }
    out[i] = largest;
    if constexpr (kKeep) {
      int winner = 0;
      for (int p = kHeight * kWidth - 1; p >= 0; --p) winner = value(p) == largest ? p : winner;
      winners[i] = static_cast<uint8_t>(winner);
    }
  }
  if (met_nan != 0) {
    pool_row_with_nan<kHeight, kWidth>(in, in_columns, columns, out, winners);
  }
}

// The way back: each gradient goes to the winner of its window, nothing to the others.
template <int kHeight, int kWidth, typename T>
void unpool_row(const T* gradient, const uint8_t* winners, int64_t columns, int64_t in_columns,
                T* out) {
  for (int h = 0; h < kHeight; ++h) {
    for (int64_t i = 0; i < columns; ++i) {
      for (int w = 0; w < kWidth; ++w) {
        out[h * in_columns + i * kWidth + w] = winners[i] == h * kWidth + w ? gradient[i] : T{0};
      }
    }
  }
}

template <int kHeight, int kWidth>
class Pooling : public torch::autograd::Function<Pooling<kHeight, kWidth>> {
 public:
  static Shape shape_of(const torch::Tensor& x) {
    const int64_t height = x.size(-2), width = x.size(-1);
    const int64_t maps = x.numel() / std::max<int64_t>(height * width, 1);
    return {maps * (height / kHeight), width / kWidth, height / kHeight, height, width};
  }

  // `winners`: undefined when nobody will ask for gradients.
  static torch::Tensor pooled(const torch::Tensor& x, torch::Tensor winners) {
    const Shape shape = shape_of(x);
    auto sizes = x.sizes().vec();
    sizes[sizes.size() - 2] = shape.map_rows;
    sizes[sizes.size() - 1] = shape.columns;
    auto result = torch::empty(sizes, x.options().requires_grad(false));
    uint8_t* const kept = winners.defined() ? winners.data_ptr<uint8_t>() : nullptr;
    AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "max_pool", [&] {
      const auto* in = x.data_ptr<scalar_t>();
      auto* out = result.data_ptr<scalar_t>();
      at::parallel_for(0, shape.rows, grain(shape), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
          const int64_t at = row * shape.columns;
          const auto* from = in + shape.begin(row, kHeight);
          if (kept == nullptr) {
            pool_row<kHeight, kWidth, false>(from, shape.in_columns, shape.columns, out + at,
                                             nullptr);
          } else {
            pool_row<kHeight, kWidth, true>(from, shape.in_columns, shape.columns, out + at,
                                            kept + at);
          }
        }
      });
    });
    return result;
  }

  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x) {
    const Shape shape = shape_of(x);
    auto winners = torch::empty({shape.rows, shape.columns}, torch::kUInt8);
    auto result = pooled(x, winners);
    context->save_for_backward({winners});
    context->saved_data["sizes"] = x.sizes().vec();
    return result;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto winners = context->get_saved_variables()[0];
    const auto given = gradients[0].contiguous();
    // Rows and columns that fill no window stay 0.
    auto result = torch::zeros(context->saved_data["sizes"].toIntVector(), given.options());
    const Shape shape = shape_of(result);
    AT_DISPATCH_FLOATING_TYPES(given.scalar_type(), "max_pool", [&] {
      const auto* in = given.data_ptr<scalar_t>();
      const auto* winner = winners.data_ptr<uint8_t>();
      auto* out = result.data_ptr<scalar_t>();
      at::parallel_for(0, shape.rows, grain(shape), [&](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row) {
          const int64_t at = row * shape.columns;
          unpool_row<kHeight, kWidth>(in + at, winner + at, shape.columns, shape.in_columns,
                                      out + shape.begin(row, kHeight));
        }
      });
    });
    return {result};
  }

 private:
  static int64_t grain(const Shape& shape) {
    return std::max<int64_t>(kPoolGrain / std::max<int64_t>(shape.columns, 1), 1);
  }
};

template <int kHeight, int kWidth>
torch::Tensor pooled(const torch::Tensor& x) {
  using Here = Pooling<kHeight, kWidth>;
  const auto plain = x.contiguous();
  return x.requires_grad() && torch::GradMode::is_enabled() ? Here::apply(plain)
                                                            : Here::pooled(plain, {});
}

bool is_plain(const torch::Tensor& x) {
  const bool of_a_kind =
      x.is_cpu() && (x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kFloat64);
  // LibTorch has vector instructions for the other layout.
  return of_a_kind && (x.is_contiguous() || !x.is_contiguous(at::MemoryFormat::ChannelsLast));
}

}  // namespace

torch::Tensor max_pool(const torch::Tensor& x, std::array<int64_t, 2> window) {
  if (x.dim() == 4 && x.size(2) >= window[0] && x.size(3) >= window[1] && is_plain(x)) {
    using Window = std::array<int64_t, 2>;
    if (window == Window{1, 3}) return pooled<1, 3>(x);
    if (window == Window{2, 2}) return pooled<2, 2>(x);
    if (window == Window{3, 3}) return pooled<3, 3>(x);
  }
  return torch::max_pool2d(x, window);
}

torch::Tensor max_pool(const torch::Tensor& x, int64_t window) {
  return max_pool(x.unsqueeze(/*dim=*/2), {1, window}).squeeze(/*dim=*/2);
}

}  // namespace bonafide
