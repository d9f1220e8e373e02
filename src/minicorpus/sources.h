#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// Recordings of one human speaker that a Debian package installs.
struct HumanSource {
  std::string id;        // "en-allison"
  std::string speaker;   // two sources may share one
  std::string language;  // ISO 639-1, with the country where the source says it
  std::string package;   // of Debian
  std::string licence;
  std::filesystem::path folder;  // below /usr/share
  std::string extension;
  bool telephone = false;        // 8 kHz
  bool coded = false;            // the package's files are G.722 (telephone: GSM) already
  double silence_seconds = 0.3;  // around the voice of a file, roughly
};

const std::vector<HumanSource>& human_sources();

// The source of that id. Throws Error.
const HumanSource& find_human_source(std::string_view id);

// A recording to cut utterances from.
struct Prompt {
  std::filesystem::path path;
  double seconds = 0;  // of voice, roughly
};

// The source's recordings of speech below `share` (as a rule /usr/share), sorted by path; none when
// its package is not installed.
std::vector<Prompt> list_prompts(const HumanSource& source, const std::filesystem::path& share);

}  // namespace bonafide
