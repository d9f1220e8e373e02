#include "train/update.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"

namespace bonafide {

namespace {

torch::Device device_of(System& system) { return system.module().parameters().front().device(); }

}  // namespace

Update::Update(System& system, Optimizer& optimizer, Communicator& communicator,
               const UpdateOptions& options)
    : system_(system),
      optimizer_(optimizer),
      communicator_(communicator),
      options_(options),
      scaler_(options.precision == Precision::kFloat16) {
  parameters_changed();
}

void Update::parameters_changed() {
  exchange_ = std::make_unique<GradientExchange>(system_.module(), communicator_);
}

double Update::joined_weight(const std::vector<Batch>& batches) {
  double weight = 0;
  for (const Batch& batch : batches) weight += system_.loss_weight(batch.label);
  auto joined = torch::tensor(weight, torch::kFloat64).to(device_of(system_));
  communicator_.sum(joined);
  return joined.item<double>();
}

Outcome Update::answer(const Batch& batch, torch::Tensor& loss) {
  const AutocastScope autocast(options_.precision, batch.label.device());
  Outcome outcome = system_.run(batch);
  loss = system_.loss(outcome, batch);
  return outcome;
}

// Brings the gradients back to the loss' scale; whether all of them are finite.
bool Update::unscale() {
  if (!scaler_.enabled()) return true;
  auto bad = torch::zeros({1}, torch::kFloat32).to(device_of(system_));
  for (const torch::Tensor& parameter : system_.module().parameters()) {
    if (!parameter.grad().defined()) continue;
    parameter.mutable_grad().div_(scaler_.factor());
    bad += parameter.grad().isfinite().all().logical_not();
  }
  return bad.item<float>() == 0;
}

UpdateResult Update::run(const std::vector<Batch>& batches, double learning_rate) {
  const double total = joined_weight(batches);
  optimizer_.zero_grad();
  // Loss, right answers, answers: of this process, then of all.
  auto sums = torch::zeros({3}, torch::kFloat64);
  for (const Batch& batch : batches) {
    if (&batch == &batches.back()) exchange_->begin();
    torch::Tensor loss;
    const Outcome outcome = answer(batch, loss);
    const auto share = loss * (system_.loss_weight(batch.label) / total);
    (share * scaler_.factor()).backward();
    const auto right = outcome.logits.detach().argmax(1).eq(batch.label).sum();
    sums += torch::stack({share.detach().to(torch::kFloat64), right.to(torch::kFloat64),
                          torch::full_like(right, batch.label.size(0)).to(torch::kFloat64)})
                .cpu();
  }
  exchange_->finish();
  sums = sums.to(device_of(system_));
  communicator_.sum(sums);
  sums = sums.cpu();
  const UpdateResult result = {sums[0].item<double>(),
                               100 * sums[1].item<double>() / sums[2].item<double>()};
  if (!std::isfinite(result.loss)) {
    throw Error(fmt::format("the loss is {}; a lower optimizer.lr may help", result.loss));
  }
  const bool finite = unscale();
  scaler_.update(finite);
  if (!finite) return result;  // an overflow of fp16: this step is lost, the scale is smaller now
  if (options_.clip_norm > 0) {
    torch::nn::utils::clip_grad_norm_(system_.module().parameters(), options_.clip_norm);
  }
  optimizer_.set_learning_rate(learning_rate);
  optimizer_.step();
  return result;
}

}  // namespace bonafide
