#pragma once

#include "base/json.h"

namespace bonafide {

// JSON has no infinity, and writes null for it. Adds to `json`, below "reasons", why each number in
// it or in an object in it becomes null: {"cllr_bits": "infinite"}.
void explain_numbers_without_json(Json& json);

}  // namespace bonafide
