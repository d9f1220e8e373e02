#include "systems/reference_sensitivity.h"

#include <cmath>

#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {

namespace {

constexpr double kSmallest = 1e-12;

using Shown = std::map<std::string, torch::Tensor>;

// What a classifier shows of a batch of so many pairs, one row for each: [B, N].
torch::Tensor rows_by_pair(const std::string& name, const torch::Tensor& shown, int64_t pairs) {
  const auto by_pair = [&]() -> torch::Tensor {
    if (name == "attn_map" || name == "mlp_out") {  // [T, L * B, D]
      return shown.reshape({shown.size(0), -1, pairs, shown.size(2)}).permute({2, 0, 1, 3});
    }
    return shown.dim() == 4 ? shown.transpose(0, 1) : shown;
  }();
  return by_pair.detach().to(torch::kFloat64).reshape({pairs, -1});
}

std::vector<double> numbers(const torch::Tensor& values) {
  const auto flat = values.detach().to(torch::kFloat64).cpu().contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

torch::Tensor rms(const torch::Tensor& rows) { return rows.square().mean(1).sqrt(); }

torch::Tensor margins(const Shown& shown) {
  const auto& logits = shown.at("logits");
  return logits.select(1, 0) - logits.select(1, 1);
}

Shown look(PairClassifier& classifier, const torch::Tensor& test, const torch::Tensor& reference) {
  Shown shown;
  const int64_t pairs = test.size(1);
  classifier.watch([&](const std::string& name, const torch::Tensor& value) {
    shown[name] = rows_by_pair(name, value, pairs);
  });
  const auto output = classifier.forward(classifier.summary(test), classifier.summary(reference));
  classifier.watch({});
  shown["logits"] = output.logits.to(torch::kFloat64);
  return shown;
}

ReferenceSensitivity::Change change_between(const Shown& before, const Shown& after) {
  ReferenceSensitivity::Change change;
  for (const auto& [name, rows] : before) {
    const auto distance = (rows - after.at(name)).norm(2, 1);
    change.delta[name] = numbers(distance / rows.norm(2, 1).clamp_min(kSmallest));
  }
  change.margin = numbers((margins(before) - margins(after)).abs());
  return change;
}

void append(std::vector<double>& to, const std::vector<double>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

void append(ReferenceSensitivity::Change& to, const ReferenceSensitivity::Change& more) {
  for (const auto& [name, values] : more.delta) append(to.delta[name], values);
  append(to.margin, more.margin);
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double deviation(const std::vector<double>& values) {
  const double middle = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - middle) * (value - middle);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

void tell(const std::string& name, const std::vector<double>& values, Json& json) {
  if (values.empty()) return;
  json[name + "_mean"] = mean(values);
  json[name + "_std"] = deviation(values);
}

void tell(const std::string& name, const ReferenceSensitivity::Change& change,
          const std::vector<double>& margin, Json& json) {
  for (const auto& [key, values] : change.delta) {
    json["delta_" + name + "." + key] = mean(values);
  }
  json["margin_" + name] = mean(change.margin);
  json["margin_" + name + "_norm"] = mean(change.margin) / mean(margin);
}

}  // namespace

void ReferenceSensitivity::add(const ReferenceSensitivity& other) {
  append(gradient_reference, other.gradient_reference);
  append(gradient_test, other.gradient_test);
  append(branch_ratio, other.branch_ratio);
  append(margin, other.margin);
  append(noise, other.noise);
  append(silence, other.silence);
}

Json ReferenceSensitivity::to_json() const {
  Json json = {{"pairs", margin.size()}};
  if (margin.empty()) return json;
  tell("grad_rms_ref", gradient_reference, json);
  tell("grad_rms_test", gradient_test, json);
  json["grad_ratio"] = mean(gradient_reference) / mean(gradient_test);
  tell("noise", noise, margin, json);
  tell("zero", silence, margin, json);
  tell("attn_mlp_ratio", branch_ratio, json);
  return json;
}

ReferenceSensitivity measure_sensitivity(PairClassifier& classifier,
                                         const SensitivityStates& states,
                                         const torch::Tensor& classes) {
  if (!classifier.compares()) throw Error("this classifier does not look at references");
  const torch::AutoGradMode gradients(true);
  classifier.eval();
  const auto test = states.test.detach().clone().requires_grad_();
  const auto reference = states.reference.detach().clone().requires_grad_();
  const Shown plain = look(classifier, test, reference);
  const auto loss = torch::cross_entropy_loss(plain.at("logits"), classes);
  const auto slopes = torch::autograd::grad({loss}, {reference, test});

  const torch::NoGradGuard no_grad;
  const auto by_pair = [&](const torch::Tensor& states_) {
    return states_.transpose(0, 1).reshape({classes.size(0), -1});
  };
  ReferenceSensitivity result;
  result.gradient_reference = numbers(rms(by_pair(slopes[0])));
  result.gradient_test = numbers(rms(by_pair(slopes[1])));
  result.margin = numbers(margins(plain).abs());
  result.noise = change_between(plain, look(classifier, states.test, states.noise));
  result.silence = change_between(plain, look(classifier, states.test, states.silence));
  if (plain.contains("attn_map")) {
    result.branch_ratio = numbers(rms(plain.at("attn_map")) / rms(plain.at("mlp_out")));
  }
  return result;
}

}  // namespace bonafide
