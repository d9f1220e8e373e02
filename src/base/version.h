#pragma once

namespace bonafide {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace bonafide
