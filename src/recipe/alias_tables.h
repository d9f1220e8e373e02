#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json_value.h"

namespace bonafide {

using Converted = std::optional<Json>;  // nothing: not a value of this key

// One key of a published configuration, and which key of a recipe it is. A key with two meanings
// has two lines.
struct Alias {
  std::string_view theirs;  // dotted; "metrics.*" stands for all keys below
  std::string_view ours;    // dotted; "": no effect here
  Converted (*convert)(const Json& value);
  std::string_view wants;  // what `convert` takes, for the message
};

// The value as it stands.
Converted as_is(const Json& value);

// The text, or none where the value is none.
std::string word_of(const Json& value);

// main.py and utils.py of the AASIST framework (clovaai/aasist), with S2pecNet's folder of
// features.
std::span<const Alias> aasist_conf_keys();

// The Hydra configuration of Melodiz/LightCNN_ASVspoof2019. Of two lines for one key of ours the
// first counts: it is the one that the published code reads.
std::span<const Alias> hydra_keys();

}  // namespace bonafide
