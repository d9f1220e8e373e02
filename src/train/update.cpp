#include "train/update.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"

namespace bonafide {

namespace {

torch::Device device_of(System& system) { return system.module().parameters().front().device(); }

// Right answers, answers, the loss and its terms of a batch that is so much of the joined one.
torch::Tensor figures_of(const LossSum& loss, double share) {
  const auto none = torch::zeros_like(loss.total);
  std::vector<torch::Tensor> figures = {loss.answers.defined() ? loss.right : none,
                                        loss.answers.defined() ? loss.answers : none,
                                        loss.total.detach() * share};
  for (const LossSum::Part& part : loss.parts) figures.push_back(part.value * share);
  for (torch::Tensor& figure : figures) figure = figure.detach().to(torch::kFloat64);
  return torch::stack(figures);
}

// The same of all batches, read into numbers; `terms` are named already.
void read_figures(const torch::Tensor& sums, UpdateResult& result) {
  const torch::Tensor here = sums.cpu();
  const auto figure = [&](size_t i) { return here[static_cast<int64_t>(i)].item<double>(); };
  if (figure(1) > 0) result.accuracy = 100 * (figure(0) / figure(1));
  result.loss = figure(2);
  for (size_t i = 0; i < result.terms.size(); ++i) result.terms[i].second = figure(i + 3);
}

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
  for (const Batch& batch : batches) weight += system_.loss_weight(batch);
  auto joined = torch::tensor(weight, torch::kFloat64).to(device_of(system_));
  communicator_.sum(joined);
  return joined.item<double>();
}

LossSum Update::learn(const Batch& batch) {
  const AutocastScope autocast(options_.precision, device_of(system_));
  return system_.learn(batch);
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

// The gradients of all batches of all processes, and what their losses came to.
UpdateResult Update::accumulate(const std::vector<Batch>& batches) {
  const double total = joined_weight(batches);
  UpdateResult result;
  torch::Tensor sums;
  for (const Batch& batch : batches) {
    if (&batch == &batches.back()) exchange_->begin();
    const LossSum loss = learn(batch);
    const double share = system_.loss_weight(batch) / total;
    (loss.total * (share * scaler_.factor())).backward();
    const auto figures = figures_of(loss, share);
    sums = sums.defined() ? sums + figures : figures;
    result.terms.clear();
    for (const LossSum::Part& part : loss.parts) result.terms.emplace_back(part.name, 0);
  }
  exchange_->finish();
  communicator_.sum(sums);
  read_figures(sums, result);
  return result;
}

UpdateResult Update::run(const std::vector<Batch>& batches, double learning_rate,
                         const TrainingClock& clock, Random& random) {
  system_.prepare(clock, random);
  optimizer_.zero_grad();
  UpdateResult result = accumulate(batches);
  if (!std::isfinite(result.loss)) {
    throw Error(fmt::format("the loss is {}; a lower optimizer.lr may help", result.loss));
  }
  const bool finite = unscale();
  scaler_.update(finite);
  if (!finite) return result;  // an overflow of fp16: this step is lost, the scale is smaller now
  if (options_.clip_norm > 0) {
    result.gradient_norm =
        torch::nn::utils::clip_grad_norm_(system_.module().parameters(), options_.clip_norm);
  }
  optimizer_.set_learning_rate(learning_rate);
  optimizer_.step();
  return result;
}

}  // namespace bonafide
