#pragma once

#include <archive.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "audio/location.h"
#include "base/decompressor.h"

namespace bonafide {

// Goes through the regular files of a tar archive in memory (ustar, pax, GNU), plain or compressed
// as a Decompressor reads it; also of several, one behind the other. Folders are passed over, and
// so are links and devices, whose names it keeps. The bytes must outlive it.
class TarReader {
 public:
  // Throws Error when the bytes are no such archive.
  explicit TarReader(std::span<const std::byte> bytes);
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;

  // The next file, or nothing at the end. Throws Error naming the member when the archive is
  // damaged there, ends early, or has the member's bytes in pieces, and naming the last member when
  // behind the archive's end lies anything but zeros and further archives.
  std::optional<ArchiveMember> next();

  // The names of links and devices passed over since this was last asked.
  std::vector<std::string> take_links() { return std::exchange(links_, {}); }

  // What is in the file that next() gave; once. Throws Error when it is longer than `limit` bytes.
  std::string text(size_t limit);

 private:
  void open();
  void pass_over();
  std::string trouble() const;
  std::string what_else() const;
  [[noreturn]] void refuse(const std::string& why) const;
  [[noreturn]] void refuse_rest() const;
  static la_ssize_t read_block(archive*, void* self, const void** block);

  std::span<const std::byte> bytes_;
  std::unique_ptr<Decompressor> compressed_;  // null: the bytes are the archive
  std::vector<std::byte> block_;              // of what it decompresses to
  std::string damage_;                        // why it gives no more of these
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  ArchiveMember member_;  // that next() gave last
  std::vector<std::string> links_;
};

}  // namespace bonafide
