#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audio/location.h"
#include "trials/truth.h"

namespace bonafide {

// Something that a protocol says of a recording and that results are grouped by: "transmission" is
// "ita_tx". The names are those of columns that
// a trial has no member for (trials/columns.h).
struct NamedCondition {
  std::string_view name;
  std::string value;
};

// The recordings by which a speaker is known. Shared by all trials against that speaker.
using Enrolments = std::shared_ptr<const std::vector<std::filesystem::path>>;

// One recording to judge, and what is known of it. Empty text means unknown, or none.
struct Trial {
  std::string id;                 // what score files call it; see identity()
  std::filesystem::path path;     // of the audio
  Truth truth = Truth::kUnknown;  // what label and asv_key of lists and manifests say
  std::string speaker;
  std::string attack;     // the spoofing system; empty for bona fide
  std::string partition;  // train, dev, eval, ...

  std::string codec = {};  // that the voice went through: alaw, mp3m4a, C05
  std::string language = {};
  std::string gender = {};
  std::string source = {};  // the data set that the recording was taken from
  std::vector<NamedCondition> conditions = {};

  ArchiveMember member = {};  // where in the archive `path` the recording lies; none: a file
  std::optional<Excerpt> excerpt = {};  // the stretch that is meant; none: the whole recording

  // Detection with a reference: a bona fide recording of the speaker.
  AudioLocation reference = {std::filesystem::path()};  // none: an empty path

  // Verification: who the voice claims to be, whether it is, and how that speaker is known.
  std::string claimed_speaker = {};
  bool has_asv_key = false;    // the truth is a verification trial's: target, nontarget or spoof
  Enrolments enrolments = {};  // null: none
};

// Where the trial's audio lies. Whatever reads a trial's audio goes through this.
AudioLocation location_of(const Trial& trial);

// What tells the trials of one list apart: the id; where a recording is tried more than once, also
// the claimed speaker, the reference and the enrolments.
std::string identity(const Trial& trial);

// What a verification trial's claim deserves; unknown where the trial is no verification trial.
Truth asv_key_of(const Trial& trial);

// The condition's value; empty when the trial has none of that name.
std::string_view condition(const Trial& trial, std::string_view name);

}  // namespace bonafide
