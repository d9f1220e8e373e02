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

Outcome Update::answer(const Batch& batch, LossSum& loss) {
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
  // Right answers, answers, the loss and its terms: of this process, then of all.
  torch::Tensor sums;
  UpdateResult result;
  for (const Batch& batch : batches) {
    if (&batch == &batches.back()) exchange_->begin();
    LossSum loss;
    const Outcome outcome = answer(batch, loss);
    const double share = system_.loss_weight(batch.label) / total;
    (loss.total * (share * scaler_.factor())).backward();
    const auto& judged = loss.judged.defined() ? loss.judged : outcome.logits;
    const auto right = judged.detach().argmax(1).eq(batch.label).sum();
    std::vector<torch::Tensor> figures = {right, torch::full_like(right, batch.label.size(0)),
                                          loss.total.detach() * share};
    result.terms.clear();
    for (const LossSum::Part& part : loss.parts) {
      figures.push_back(part.value * share);
      result.terms.emplace_back(part.name, 0);
    }
    for (torch::Tensor& figure : figures) figure = figure.to(torch::kFloat64);
    const auto of_batch = torch::stack(figures);
    sums = sums.defined() ? sums + of_batch : of_batch;
  }
  exchange_->finish();
  communicator_.sum(sums);
  sums = sums.cpu();
  result.accuracy = 100 * (sums[0] / sums[1]).item<double>();
  result.loss = sums[2].item<double>();
  for (size_t i = 0; i < result.terms.size(); ++i) {
    result.terms[i].second = sums[static_cast<int64_t>(i) + 3].item<double>();
  }
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
