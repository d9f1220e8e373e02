#include "losses/loss_terms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "base/text.h"
#include "losses/additive_angular_margin.h"
#include "losses/angular_margin.h"
#include "losses/cross_entropy.h"

namespace bonafide {

namespace {

constexpr double kMostWeight = 1e6;
constexpr double kMostMargin = 100;

class Classification : public LossTerm {
 public:
  Classification(std::string name, Ramp margin, double scale,
                 const std::array<double, 2>& class_weights)
      : name_(std::move(name)),
        margin_(margin),
        margin_now_(margin.at({})),
        scale_(scale),
        class_weights_(class_weights) {}

  torch::Tensor of(const LossInput& input) const override {
    return weighted_cross_entropy(judged(input), input.label, class_weights_);
  }

  torch::Tensor judged(const LossInput& input) const override {
    if (name_ == "angular") return angular_margin(input.logits, input.label, margin_now_);
    if (name_ == "additive_angular") {
      return additive_angular_margin(input.logits, input.label, margin_now_, scale_);
    }
    return input.logits;
  }

  bool wants_cosines() const override { return name_ != "cross_entropy"; }

  void at(const TrainingClock& clock) override { margin_now_ = margin_.at(clock); }

 private:
  const std::string name_;
  const Ramp margin_;
  double margin_now_;
  const double scale_;
  const std::array<double, 2> class_weights_;
};

class SquaredError : public LossTerm {
 public:
  using Member = torch::Tensor LossInput::*;
  SquaredError(const char* name, Member again, Member input)
      : name_(name), again_(again), input_(input) {}

  torch::Tensor of(const LossInput& input) const override {
    const torch::Tensor& again = input.*again_;
    if (!again.defined()) {
      throw Error(fmt::format("loss {}: this network does not make its input again", name_));
    }
    return torch::mse_loss(again, (input.*input_).view_as(again));
  }

 private:
  const char* name_;
  Member again_, input_;
};

Ramp ramp_of(const Json& term, const char* name, const std::string& path, double otherwise,
             double least, double most) {
  const auto value = term.find(name);
  return value == term.end() ? Ramp(otherwise)
                             : Ramp::of(*value, fmt::format("{}.{}", path, name), least, most);
}

std::unique_ptr<LossTerm> make_term(const Json& term, const std::string& name,
                                    const std::string& path,
                                    const std::array<double, 2>& class_weights) {
  std::vector<std::string> keys = {"name", "weight"};
  if (name.ends_with("angular")) keys.emplace_back("margin");
  if (name == "additive_angular") keys.emplace_back("scale");
  const OptionReader reader(term, path, keys);
  if (name == "wave_reconstruction") return make_wave_reconstruction_term();
  if (name == "feature_reconstruction") return make_feature_reconstruction_term();
  const bool additive = name == "additive_angular";
  double scale = 30;
  reader.number("scale", scale, 1e-3, 1e6);
  const Ramp margin = ramp_of(term, "margin", path, additive ? 0.2 : 4, 0, kMostMargin);
  return make_classification_term(name, margin, scale, class_weights);
}

}  // namespace

std::unique_ptr<LossTerm> make_classification_term(const std::string& name, Ramp margin,
                                                   double scale,
                                                   const std::array<double, 2>& class_weights) {
  return std::make_unique<Classification>(name, margin, scale, class_weights);
}

std::unique_ptr<LossTerm> make_wave_reconstruction_term() {
  return std::make_unique<SquaredError>("wave_reconstruction", &LossInput::wave_again,
                                        &LossInput::wave);
}

std::unique_ptr<LossTerm> make_feature_reconstruction_term() {
  return std::make_unique<SquaredError>("feature_reconstruction", &LossInput::features_again,
                                        &LossInput::features);
}

std::vector<std::string> loss_term_names() {
  return {"cross_entropy", "angular", "additive_angular", "wave_reconstruction",
          "feature_reconstruction"};
}

void count_right(LossSum& sum, const torch::Tensor& logits, const torch::Tensor& classes) {
  sum.right = logits.detach().argmax(1).eq(classes).sum();
  sum.answers = torch::full_like(sum.right, classes.size(0));
}

void LossTerms::add(std::string name, Ramp weight, std::unique_ptr<LossTerm> term) {
  const auto has_name = [&](const Part& part) { return part.name == name; };
  if (std::any_of(parts_.begin(), parts_.end(), has_name)) {
    name += fmt::format("_{}", parts_.size() + 1);
  }
  parts_.push_back({std::move(name), weight, weight.at({}), std::move(term)});
}

LossTerms LossTerms::of(const Json& list, const std::array<double, 2>& class_weights) {
  LossTerms terms;
  const auto names = loss_term_names();
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string path = fmt::format("loss.terms[{}]", i);
    const Json& term = list[i];
    const Json name = term.is_object() ? term.value("name", Json()) : Json();
    const std::string word = name.is_string() ? name.get<std::string>() : "";
    if (std::find(names.begin(), names.end(), word) == names.end()) {
      throw UsageError(fmt::format("{}: {} names no loss; there are: {}", path,
                                   printable(term.dump()), fmt::join(names, ", ")));
    }
    terms.add(name, ramp_of(term, "weight", path, 1, 0, kMostWeight),
              make_term(term, word, path, class_weights));
  }
  return terms;
}

bool LossTerms::want_cosines() const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [](const Part& part) { return part.term->wants_cosines(); });
}

void LossTerms::at(const TrainingClock& clock) {
  for (Part& part : parts_) {
    part.weight_now = part.weight.at(clock);
    part.term->at(clock);
  }
}

LossSum LossTerms::of(const LossInput& input) const {
  LossSum sum;
  for (const Part& part : parts_) {
    const auto value = part.term->of(input);
    const auto weighted = part.weight_now == 1 ? value : part.weight_now * value;
    sum.total = sum.total.defined() ? sum.total + weighted : weighted;
    sum.parts.push_back({part.name, value.detach()});
    if (sum.answers.defined()) continue;
    const auto judged = part.term->judged(input);
    if (judged.defined()) count_right(sum, judged, input.label);
  }
  return sum;
}

}  // namespace bonafide
