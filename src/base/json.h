#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace bonafide {

// Every structured value that is not a tensor: recipes, metadata, reports. Keeps the order of keys.
// Named here only, which is cheap to compile; base/json_value.h has its members.
using Json = nlohmann::ordered_json;

// JSON from outside: throws Error for text that is none, or nested deeper than `most_levels`.
Json parse_json(std::string_view text, int most_levels = 32);

}  // namespace bonafide
