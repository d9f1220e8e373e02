#pragma once

#include <filesystem>
#include <string>

namespace bonafide {

enum class Label { kSpoof = 0, kBonaFide = 1, kUnknown = 2 };

// One recording to judge, and what is known of it. Empty text means unknown.
struct Trial {
  std::string id;              // unique in its list; what score files call it
  std::filesystem::path path;  // of the audio
  Label label = Label::kUnknown;
  std::string speaker;
  std::string attack;     // the spoofing system; empty for bona fide
  std::string partition;  // train, dev, eval, ...
};

// "bonafide", "spoof", or "" for unknown.
std::string_view name_of(Label label);

// The words that the field's protocols use: bonafide, bona-fide, bona_fide, genuine, human, real;
// spoof, fake, spoofed, deepfake (any case). Throws UsageError for any other word.
Label parse_label(std::string_view word);

}  // namespace bonafide
