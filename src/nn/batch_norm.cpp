#include "nn/batch_norm.h"

namespace bonafide {

namespace {

SumOverProcesses& exchange() {
  static SumOverProcesses sum;
  return sum;
}

// Over all axes but the channels' (the second).
std::vector<int64_t> other_axes(const torch::Tensor& x) {
  std::vector<int64_t> axes = {0};
  for (int64_t axis = 2; axis < x.dim(); ++axis) axes.push_back(axis);
  return axes;
}

// [C] as something that broadcasts over x.
torch::Tensor along_channels(const torch::Tensor& values, const torch::Tensor& x) {
  std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
  shape[1] = x.size(1);
  return values.to(x.dtype()).view(shape);
}

// The joined batch's mean and biased variance of each channel (float64), and its number of values.
struct Statistics {
  torch::Tensor mean, variance;
  double count = 0;
};

// Two sums, one after the other: the variance from deviations loses no digits.
Statistics joined_statistics(const torch::Tensor& x) {
  const auto axes = other_axes(x);
  const int64_t channels = x.size(1);
  auto sums = torch::cat({x.sum(axes, /*keepdim=*/false, torch::kFloat64),
                          torch::full({1}, static_cast<double>(x.numel() / channels),
                                      x.options().dtype(torch::kFloat64))});
  exchange()(sums);
  Statistics statistics;
  statistics.count = sums[channels].item<double>();
  statistics.mean = sums.narrow(0, 0, channels) / statistics.count;
  statistics.variance = (x - along_channels(statistics.mean, x))
                            .square()
                            .sum(axes, /*keepdim=*/false, torch::kFloat64);
  exchange()(statistics.variance);
  statistics.variance /= statistics.count;
  return statistics;
}

class Normalize : public torch::autograd::Function<Normalize> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, const torch::Tensor& bias,
                               const torch::Tensor& mean, const torch::Tensor& deviation,
                               double count) {
    const auto normal = (x - along_channels(mean, x)) / along_channels(deviation, x);
    context->save_for_backward({normal, weight, deviation});
    context->saved_data["count"] = count;
    return normal * along_channels(weight, x) + along_channels(bias, x);
  }

  // The mean and the deviation depend on every process' x.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto& [normal, weight, deviation] = std::tie(saved[0], saved[1], saved[2]);
    const double count = context->saved_data["count"].toDouble();
    const auto& g = gradients[0];
    const auto axes = other_axes(g);
    const auto bias_gradient = g.sum(axes, false, torch::kFloat64);
    const auto weight_gradient = (g * normal).sum(axes, false, torch::kFloat64);
    auto sums = torch::stack({bias_gradient, weight_gradient});
    exchange()(sums);
    sums /= count;
    const auto x_gradient = (g - along_channels(sums[0], g) - normal * along_channels(sums[1], g)) *
                            along_channels(weight.to(torch::kFloat64) / deviation, g);
    return {x_gradient,
            weight_gradient.to(weight.dtype()),
            bias_gradient.to(weight.dtype()),
            torch::Tensor(),
            torch::Tensor(),
            torch::Tensor()};
  }
};

void move_statistics(BatchNormImpl& layer, const Statistics& statistics, double momentum) {
  const torch::NoGradGuard no_grad;
  const double unbiased = statistics.count / std::max(statistics.count - 1, 1.0);
  const auto type = layer.running_mean.dtype();
  layer.running_mean.lerp_(statistics.mean.to(type), momentum);
  layer.running_var.lerp_((statistics.variance * unbiased).to(type), momentum);
}

}  // namespace

void synchronize_batch_norm(SumOverProcesses sum) { exchange() = std::move(sum); }

// Registered in the order of PyTorch's state dict.
BatchNormImpl::BatchNormImpl(const torch::nn::BatchNormOptions& with) : options(with) {
  const int64_t channels = options.num_features();
  if (options.affine()) {
    weight = register_parameter("weight", torch::ones({channels}));
    bias = register_parameter("bias", torch::zeros({channels}));
  }
  running_mean = register_buffer("running_mean", torch::zeros({channels}));
  running_var = register_buffer("running_var", torch::ones({channels}));
  num_batches_tracked =
      register_buffer("num_batches_tracked", torch::tensor(0, torch::dtype(torch::kLong)));
}

double BatchNormImpl::next_momentum() {
  num_batches_tracked += 1;
  const auto momentum = options.momentum();
  return momentum.has_value() ? *momentum : 1.0 / num_batches_tracked.item<double>();
}

// Of several processes each has a value, so that there are more than one.
bool BatchNormImpl::learns_from(const torch::Tensor& x) const {
  return exchange() || x.numel() > x.size(1);
}

torch::Tensor BatchNormImpl::forward(const torch::Tensor& x) {
  if (!is_training() || !learns_from(x)) {
    return torch::batch_norm(x, weight, bias, running_mean, running_var, /*training=*/false, 0.0,
                             options.eps(), /*cudnn_enabled=*/true);
  }
  const double momentum = next_momentum();
  if (!exchange()) {
    return torch::batch_norm(x, weight, bias, running_mean, running_var, /*training=*/true,
                             momentum, options.eps(), /*cudnn_enabled=*/true);
  }
  Statistics statistics;
  {
    const torch::NoGradGuard no_grad;
    statistics = joined_statistics(x);
  }
  move_statistics(*this, statistics, momentum);
  const auto deviation = (statistics.variance + options.eps()).sqrt();
  if (weight.defined()) {
    return Normalize::apply(x, weight, bias, statistics.mean, deviation, statistics.count);
  }
  const auto ones = torch::ones({x.size(1)}, x.options().requires_grad(false));
  return Normalize::apply(x, ones, torch::zeros_like(ones), statistics.mean, deviation,
                          statistics.count);
}

void BatchNormImpl::observe(const torch::Tensor& x) {
  if (!learns_from(x)) return;
  const torch::NoGradGuard no_grad;
  const double momentum = next_momentum();
  if (exchange()) return move_statistics(*this, joined_statistics(x), momentum);
  at::batch_norm_update_stats(x, running_mean, running_var, momentum);
}

}  // namespace bonafide
