#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>

namespace bonafide {

// A part of a recording, as a row of a table means it.
struct Excerpt {
  enum class Unit { kSeconds, kSamples };  // samples of the recording's own rate

  double begin = 0;                // in `unit`, as is the end
  std::optional<double> end = {};  // none: to the end of the recording
  Unit unit = Unit::kSeconds;

  // "t=1.5,3", as a media fragment of the W3C; "samples=24000,48000".
  std::string name() const {
    return fmt::format("{}={},{}", unit == Unit::kSeconds ? "t" : "samples", begin,
                       end ? fmt::format("{}", *end) : "");
  }

  bool operator==(const Excerpt&) const = default;
};

}  // namespace bonafide
