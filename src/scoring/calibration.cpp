#include "scoring/calibration.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"

namespace bonafide {

namespace {

double number(const Json& json, const char* key) {
  if (!json.is_object() || !json.contains(key) || !json.at(key).is_number()) {
    throw Error(fmt::format("calibration: no number \"{}\"", key));
  }
  const double value = json.at(key).get<double>();
  if (!std::isfinite(value)) throw Error(fmt::format("calibration: {} is {}", key, value));
  return value;
}

void require(bool fine, const char* key, double value, const char* wanted) {
  if (!fine) throw Error(fmt::format("calibration: {} is {}; it must be {}", key, value, wanted));
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kBonaFide:
      return "bonafide";
    case Verdict::kSpoof:
      return "spoof";
    case Verdict::kInconclusive:
      break;
  }
  return "inconclusive";
}

double Calibration::probability(double llr) const {
  return 1 / (1 + std::exp(-(llr + std::log(prior) - std::log1p(-prior))));
}

Verdict Calibration::verdict(double llr) const {
  if (std::abs(llr) < inconclusive_llr) return Verdict::kInconclusive;
  return llr >= 0 ? Verdict::kBonaFide : Verdict::kSpoof;
}

Json Calibration::to_json() const {
  return {
      {"scale", scale}, {"bias", bias}, {"prior", prior}, {"inconclusive_llr", inconclusive_llr}};
}

Calibration Calibration::from_json(const Json& json) {
  const Calibration result{.scale = number(json, "scale"),
                           .bias = number(json, "bias"),
                           .prior = number(json, "prior"),
                           .inconclusive_llr = number(json, "inconclusive_llr")};
  require(result.scale > 0, "scale", result.scale, "positive");
  require(result.prior > 0 && result.prior < 1, "prior", result.prior, "between 0 and 1");
  require(result.inconclusive_llr >= 0, "inconclusive_llr", result.inconclusive_llr,
          "zero or positive");
  return result;
}

}  // namespace bonafide
