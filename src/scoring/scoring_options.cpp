#include "scoring/scoring_options.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
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

std::string word_at(const Json& section, const char* key) {
  const Json value = section.value(key, Json());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Files from before the section `crop` take the first window.
Stretch stretch_of(const ModelDescription& model) {
  const Json crop = model.input.is_object() ? model.input.value("crop", Json()) : Json();
  if (!crop.is_object() || !crop.contains("stretch")) return Stretch::kFirst;
  const std::string word = word_at(crop, "stretch");
  if (word == "middle") return Stretch::kMiddle;
  if (word == "first" || word == "whole") return Stretch::kFirst;
  throw Error(fmt::format("model {}: input.crop.stretch is \"{}\"; expected first, middle or whole",
                          printable(model.name), printable(word)));
}

}  // namespace

ScoringOptions ScoringOptions::of(const ModelDescription& model) {
  ScoringOptions options;
  options.sample_rate =
      static_cast<int>(integer_between(model, "sample_rate", kLowestRate, kHighestRate));
  options.samples = static_cast<size_t>(integer_between(model, "samples", 1, kLongestWindow));
  options.stretch = stretch_of(model);
  if (model.score.is_object() && model.score.contains("over")) {
    options.over = parse_over(word_at(model.score, "over"));
  }
  if (model.score.is_object() && model.score.contains("precision")) {
    options.precision = word_at(model.score, "precision");
    if (options.precision != "float32" && options.precision != "bf16") {
      throw Error(fmt::format("model {}: score.precision is \"{}\"; expected float32 or bf16",
                              printable(model.name), printable(options.precision)));
    }
  }
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
