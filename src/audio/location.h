#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace bonafide {

// A recording inside a tar archive: its bytes, without the header before them.
struct ArchiveMember {
  std::string name = {};  // as the archive has it; only a name, never a path that is opened
  uint64_t offset = 0;    // bytes from the beginning of the archive; of what it decompresses to
  uint64_t size = 0;      // bytes

  bool empty() const { return name.empty(); }
  bool operator==(const ArchiveMember&) const = default;
};

// Where a recording lies: a file of its own, or a member of the archive at `path`.
struct AudioLocation {
  AudioLocation(std::filesystem::path path_of_file, ArchiveMember member_of_archive = {})
      : path(std::move(path_of_file)), member(std::move(member_of_archive)) {}

  // "call.wav"; "shard-000.tar/call.wav".
  std::string name() const {
    return member.empty() ? path.native() : path.native() + '/' + member.name;
  }

  bool operator==(const AudioLocation&) const = default;

  std::filesystem::path path;
  ArchiveMember member;
};

}  // namespace bonafide
