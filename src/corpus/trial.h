#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audio/location.h"

namespace bonafide {

enum class Label { kSpoof = 0, kBonaFide = 1, kUnknown = 2 };

// The answer of a verification trial: is this the claimed speaker's own voice?
enum class AsvKey { kNone, kTarget, kNontarget, kSpoof };

// Something that a protocol says of a recording and that results are grouped by: "transmission" is
// "ita_tx". The names are those of condition_names().
struct NamedCondition {
  std::string_view name;
  std::string value;
};

// The recordings by which a speaker is known. Shared by all trials against that speaker.
using Enrolments = std::shared_ptr<const std::vector<std::filesystem::path>>;

// One recording to judge, and what is known of it. Empty text means unknown, or none.
struct Trial {
  std::string id;              // what score files call it; see identity()
  std::filesystem::path path;  // of the audio
  Label label = Label::kUnknown;
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
  AsvKey asv_key = AsvKey::kNone;
  Enrolments enrolments = {};  // null: none
};

// Where the trial's audio lies. Whatever reads a trial's audio goes through this.
AudioLocation location_of(const Trial& trial);

// What tells the trials of one list apart: the id; where a recording is tried more than once, also
// the claimed speaker, the reference and the enrolments.
std::string identity(const Trial& trial);

// "bonafide", "spoof", or "" for unknown.
std::string_view name_of(Label label);

// "target", "nontarget", "spoof", or "" for none.
std::string_view name_of(AsvKey key);

// The words that the field's protocols use: bonafide, bona-fide, bona_fide, genuine, human, real;
// spoof, fake, spoofed, deepfake, morph (any case). Throws UsageError for any other word.
Label parse_label(std::string_view word);

// "target", "nontarget" or "spoof"; throws UsageError for any other word.
AsvKey parse_asv_key(std::string_view word);

// The names that conditions may have, in the order in which manifests write them.
const std::vector<std::string_view>& condition_names();

// The condition's value; empty when the trial has none of that name.
std::string_view condition(const Trial& trial, std::string_view name);

}  // namespace bonafide
