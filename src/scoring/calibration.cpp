#include "scoring/calibration.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/json_value.h"
#include "base/text.h"

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

// The trainer's calibrations are affine and do not say so.
std::string kind_of(const Json& json) {
  if (!json.is_object() || !json.contains("kind")) return "affine";
  if (!json.at("kind").is_string()) throw Error("calibration: \"kind\" is no text");
  return json.at("kind").get<std::string>();
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
  Json json = monotone ? monotone->to_json() : Json{{"scale", scale}, {"bias", bias}};
  json["prior"] = prior;
  json["inconclusive_llr"] = inconclusive_llr;
  return json;
}

Calibration Calibration::from_json(const Json& json) {
  const std::string kind = kind_of(json);
  Calibration result;
  if (kind == "pav") {
    result.monotone = PavCalibration::from_json(json);
  } else if (kind == "affine") {
    result.scale = number(json, "scale");
    result.bias = number(json, "bias");
    require(result.scale > 0, "scale", result.scale, "positive");
  } else {
    throw Error(
        fmt::format("calibration: kind \"{}\"; affine and pav calibrate the score of a recording",
                    printable(kind)));
  }
  result.prior = number(json, "prior");
  result.inconclusive_llr = number(json, "inconclusive_llr");
  require(result.prior > 0 && result.prior < 1, "prior", result.prior, "between 0 and 1");
  require(result.inconclusive_llr >= 0, "inconclusive_llr", result.inconclusive_llr,
          "zero or positive");
  return result;
}

Calibration read_calibration(const std::filesystem::path& path) {
  constexpr size_t kLargest = size_t{1} << 26;
  const std::string text = read_text(path, kLargest);
  try {
    if (const std::string other = mistaken_for_list(text); !other.empty()) throw Error(other);
    return Calibration::from_json(parse_json(text));
  } catch (const Error& e) {
    throw UsageError(fmt::format("{}: {}", printable(path.native()), e.what()));
  }
}

}  // namespace bonafide
