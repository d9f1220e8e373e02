#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/excerpt.h"

namespace bonafide {

// A recording inside a tar archive: its bytes, without the header before them.
struct ArchiveMember {
  std::string name = {};  // as the archive has it; only a name, never a path that is opened
  uint64_t offset = 0;    // bytes from the beginning of the archive; of what it decompresses to
  uint64_t size = 0;      // bytes

  bool empty() const { return name.empty(); }
  bool operator==(const ArchiveMember&) const = default;
};

// Where a recording lies: a file of its own, or a member of the archive at `path`; or in one of
// these, as a stretch of it.
struct AudioLocation {
  AudioLocation(std::filesystem::path path_of_file, ArchiveMember member_of_archive = {},
                std::optional<Excerpt> part = {})
      : path(std::move(path_of_file)), member(std::move(member_of_archive)), excerpt(part) {}

  // "call.wav"; "shard-000.tar/call.wav"; "call.wav#t=1.5,3".
  std::string name() const {
    std::string text = path.native();
    if (!member.empty()) text += '/' + member.name;
    if (excerpt) text += '#' + excerpt->name();
    return text;
  }

  bool operator==(const AudioLocation&) const = default;

  std::filesystem::path path;
  ArchiveMember member;
  std::optional<Excerpt> excerpt;  // none: all of it
};

}  // namespace bonafide
