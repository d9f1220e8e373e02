#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace bonafide {

// Every structured value that is not a tensor: recipes, metadata, reports. Keeps the order of keys.
using Json = nlohmann::ordered_json;

// JSON from outside: throws Error for text that is none, or nested deeper than `most_levels`.
Json parse_json(std::string_view text, int most_levels = 32);

}  // namespace bonafide
