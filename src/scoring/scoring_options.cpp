#include "scoring/scoring_options.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

int64_t integer_between(const ModelDescription& model, const char* key, int64_t low, int64_t high) {
  const Json input = model.input.is_object() ? model.input : Json::object();
  const Json value = input.value(key, Json());
  if (!value.is_number_integer() || value.get<int64_t>() < low || value.get<int64_t>() > high) {
    throw Error(fmt::format("model {}: input.{} is {}; expected an integer from {} to {}",
                            printable(model.name), key, printable(value.dump()), low, high));
  }
  return value.get<int64_t>();
}

}  // namespace

ScoringOptions ScoringOptions::of(const ModelDescription& model) {
  ScoringOptions options;
  options.sample_rate =
      static_cast<int>(integer_between(model, "sample_rate", kLowestRate, kHighestRate));
  options.samples = static_cast<size_t>(integer_between(model, "samples", 1, kLongestWindow));
  if (!model.calibration.is_null()) {
    try {
      options.calibration = Calibration::from_json(model.calibration);
    } catch (const Error& e) {
      throw Error(fmt::format("model {}: {}", printable(model.name), e.what()));
    }
  }
  return options;
}

}  // namespace bonafide
