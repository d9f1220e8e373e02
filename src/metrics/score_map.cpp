#include "metrics/score_map.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr double kInconclusiveLlr = 1.0;

LinearMap linear_from_json(const Json& json) {
  LinearMap map;
  if (json.contains("weights")) {
    json.at("weights").get_to(map.weights);
  } else {
    map.weights = {json.at("scale").get<double>()};
  }
  map.bias = json.at("bias").get<double>();
  if (map.weights.empty() || !std::isfinite(map.bias) ||
      !std::all_of(map.weights.begin(), map.weights.end(),
                   [](double w) { return std::isfinite(w); })) {
    throw Error("fusion: weights and bias must be finite numbers");
  }
  return map;
}

}  // namespace

size_t ScoreMap::inputs() const {
  if (const auto* linear = std::get_if<LinearMap>(&map_)) return linear->weights.size();
  if (std::holds_alternative<FusionRule>(map_)) return inputs_;
  return takes_asv_and_cm() ? 2 : 1;
}

double ScoreMap::operator()(std::span<const double> scores) const {
  if (const auto* linear = std::get_if<LinearMap>(&map_)) return (*linear)(scores);
  if (const auto* pav = std::get_if<PavCalibration>(&map_)) return (*pav)(scores[0]);
  if (const auto* rule = std::get_if<FusionRule>(&map_)) return (*rule)(scores);
  return std::get<SasvFusion>(map_)(scores[0], scores[1]);
}

Json ScoreMap::to_json() const {
  if (const auto* pav = std::get_if<PavCalibration>(&map_)) {
    Json json = pav->to_json();
    json["prior"] = prior_;
    json["inconclusive_llr"] = kInconclusiveLlr;
    return json;
  }
  if (const auto* sasv = std::get_if<SasvFusion>(&map_)) return sasv->to_json();
  if (const auto* rule = std::get_if<FusionRule>(&map_)) {
    return {{"kind", rule->name()}, {"inputs", inputs_}};
  }
  const LinearMap& linear = std::get<LinearMap>(map_);
  if (linear.weights.size() == 1) {
    return {{"kind", "affine"},
            {"scale", linear.weights[0]},
            {"bias", linear.bias},
            {"prior", prior_},
            {"inconclusive_llr", kInconclusiveLlr}};
  }
  return {
      {"kind", "linear"}, {"weights", linear.weights}, {"bias", linear.bias}, {"prior", prior_}};
}

ScoreMap ScoreMap::from_json(const Json& json) {
  try {
    const std::string kind = json.at("kind").get<std::string>();
    if (kind == "affine" || kind == "linear") {
      return ScoreMap(linear_from_json(json), json.value("prior", 0.5));
    }
    if (kind == "pav") return ScoreMap(PavCalibration::from_json(json), json.value("prior", 0.5));
    if (kind == "asvspoof5") return ScoreMap(SasvFusion::from_json(json));
    if (FusionRule::is_one(kind)) {
      const auto inputs = json.at("inputs").get<int64_t>();
      if (inputs > 0) return {FusionRule(kind), static_cast<size_t>(inputs)};
      throw Error(fmt::format("fusion: {} of {} scores", kind, inputs));
    }
    throw Error(
        fmt::format("fusion: no kind called \"{}\"; there are: affine, linear, pav, "
                    "asvspoof5, {}",
                    printable(kind), fmt::join(FusionRule::names(), ", ")));
  } catch (const Json::exception& e) {
    throw Error(fmt::format("fusion: {}", json_fault(e)));
  }
}

}  // namespace bonafide
