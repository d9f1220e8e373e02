#include "corpus/lhotse.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json_value.h"
#include "base/stretch.h"
#include "base/text.h"
#include "corpus/trial_fields.h"

namespace bonafide {

namespace {

constexpr double kSame = 1e-3;  // seconds; durations are written with rounding

const Json& member(const Json& object, const char* key) {
  static const Json none;
  const auto at = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && at != object.end() ? *at : none;
}

[[noreturn]] void refuse(std::string_view key, std::string_view why) {
  throw UsageError(fmt::format("\"{}\": {}", key, why));
}

[[noreturn]] void refuse_type(const Json& type) {
  refuse("type", fmt::format("cuts of type {} are not read", printable(type.dump(), 40)));
}

bool is_empty(const Json& value) { return value.is_null() || value.empty(); }

std::string path_of(const Json& recording) {
  const Json& sources = member(recording, "sources");
  if (!sources.is_array() || sources.size() != 1) {
    refuse("sources", "a recording of one source is read");
  }
  const Json& source = sources.front();
  const Json& type = member(source, "type");
  if (type != "file" || !member(source, "source").is_string()) {
    refuse("sources",
           fmt::format("a source of type {} is not read; a file is", printable(type.dump(), 40)));
  }
  if (member(source, "channels").size() > 1) {
    refuse("channels", "one of several channels is not read");
  }
  if (!is_empty(member(recording, "transforms"))) {
    refuse("transforms", "transforms of a recording are not applied");
  }
  return member(source, "source").get<std::string>();
}

// Lhotse writes the stretch of each cut, also where it is all of the recording.
void add_stretch(const Json& cut, const Json& recording, Json& flat) {
  const Json &start = member(cut, "start"), &length = member(cut, "duration");
  const Json& whole = member(recording, "duration");
  const bool is_whole = start == 0 && length.is_number() && whole.is_number() &&
                        std::abs(length.get<double>() - whole.get<double>()) <= kSame;
  if (is_whole) return;
  flat["start"] = start;
  flat["duration"] = length;
}

// A stretch in "custom" is nobody's: the cut has its own.
void add_fields(const Json& custom, Json& flat) {
  if (!custom.is_object()) return;
  for (auto at = custom.begin(); at != custom.end(); ++at) {
    const bool wanted = find_trial_field(at.key()) && !is_stretch_column(at.key());
    if (wanted && !flat.contains(at.key())) flat[at.key()] = *at;
  }
}

void add_supervision(const Json& cut, Json& flat) {
  const Json& all = member(cut, "supervisions");
  if (is_empty(all)) return;
  if (all.size() != 1) refuse("supervisions", "several in one cut are not read");
  for (const char* key : {"speaker", "language", "gender"}) {
    const Json& value = member(all.front(), key);
    if (!value.is_null()) flat[key] = value;
  }
  add_fields(member(all.front(), "custom"), flat);
}

}  // namespace

std::optional<Json> flat_lhotse(const Json& object) {
  const Json& type = member(object, "type");
  const bool is_cut = member(object, "recording").is_object();
  if (!is_cut && !member(object, "sources").is_array()) {
    if (type == "MixedCut" || type == "PaddingCut") refuse_type(type);
    return std::nullopt;
  }
  if (is_cut && type.is_string() && type != "MonoCut") refuse_type(type);
  const Json& recording = is_cut ? member(object, "recording") : object;
  Json flat = {{"id", member(object, "id")}, {"path", path_of(recording)}};
  if (is_cut) add_stretch(object, recording, flat);
  add_supervision(object, flat);
  add_fields(member(object, "custom"), flat);
  return flat;
}

}  // namespace bonafide
