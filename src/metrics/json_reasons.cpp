#include "metrics/json_reasons.h"

#include <cmath>
#include <string>

#include "base/json_value.h"

namespace bonafide {

namespace {

bool has_no_json(const Json& value) {
  return value.is_number_float() && !std::isfinite(value.get<double>());
}

std::string reason(const Json& value) {
  return std::isnan(value.get<double>()) ? "not a number" : "infinite";
}

}  // namespace

void explain_numbers_without_json(Json& json) {
  Json reasons = Json::object();
  for (const auto& [name, field] : json.items()) {
    if (has_no_json(field)) reasons[name] = reason(field);
    if (!field.is_object()) continue;
    for (const auto& [part, value] : field.items()) {
      if (!has_no_json(value)) continue;
      reasons[part == "value" ? name : name + "." + part] = reason(value);
    }
  }
  if (!reasons.empty()) json["reasons"].update(reasons);
}

}  // namespace bonafide
