#pragma once

#include <optional>

#include "base/json.h"

namespace bonafide {

// A line of Lhotse's manifests of cuts (MonoCut) or recordings as an object with the names of
// trial_fields() and of base/stretch.h: path, start and duration where the cut is not all of its
// recording, speaker, language and gender of its supervision, and what "custom" has of a trial's
// fields. Nothing for an object that is neither. Throws UsageError, naming the key, for what is
// not read: cuts of other types, recordings of several sources or channels, sources that are no
// files (commands are never run), transforms, several supervisions.
std::optional<Json> flat_lhotse(const Json& object);

}  // namespace bonafide
