#pragma once

// For units that look into a Json or hold one by value: all of the library's large header.
#include <nlohmann/json.hpp>

#include "base/json.h"
