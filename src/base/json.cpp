#include <fmt/format.h>

#include "base/error.h"
#include "base/json_fault.h"
#include "base/json_value.h"

namespace bonafide {

Json parse_json(std::string_view text, int most_levels) {
  const auto watch = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > most_levels) throw Error("nested too deeply");
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), watch);
  } catch (const Json::exception& e) {
    throw Error(fmt::format("not JSON: {}", json_fault(e)));
  }
}

}  // namespace bonafide
