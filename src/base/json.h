#pragma once

#include <nlohmann/json.hpp>

namespace bonafide {

// Every structured value that is not a tensor: recipes, metadata, reports. Keeps the order of keys.
using Json = nlohmann::ordered_json;

}  // namespace bonafide
