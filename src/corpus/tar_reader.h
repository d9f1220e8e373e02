#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "audio/location.h"

struct archive;

namespace bonafide {

// Goes through the regular files of an uncompressed tar archive in memory (ustar, pax, GNU). Links,
// folders and devices are passed over. The bytes must outlive it.
class TarReader {
 public:
  // Throws Error when the bytes are no such archive.
  explicit TarReader(std::span<const std::byte> bytes);

  // The next file, or nothing at the end. Throws Error naming the member when the archive is
  // damaged there, ends early, or has the member's bytes in pieces.
  std::optional<ArchiveMember> next();

 private:
  uint64_t offset_of_data(const std::string& name, uint64_t size);

  std::span<const std::byte> bytes_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

}  // namespace bonafide
