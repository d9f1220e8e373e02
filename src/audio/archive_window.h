#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "audio/location.h"
#include "base/decompressor.h"

namespace bonafide {

// A compressed archive as if it were not compressed, for readers that go through it more or less in
// its order: what lies up to 32 MiB back is still there, for anything before that it is
// decompressed from its beginning again. The bytes must outlive it.
class ArchiveWindow {
 public:
  explicit ArchiveWindow(std::span<const std::byte> compressed);

  // Those bytes of the decompressed archive; fewer where it ends. Memory grows with the bytes that
  // are there, not with `size`. Throws Error when it is damaged before their end.
  std::vector<std::byte> read(uint64_t offset, uint64_t size);

  // A member's bytes, with the tar header before them. Throws Error as read() does, and for a
  // member that is empty, over 1 GiB, or lies where none can.
  std::vector<std::byte> member(const ArchiveMember& member);

  static constexpr uint64_t kWindow = uint64_t{32} << 20;  // bytes

 private:
  bool more();
  void rewind();

  std::span<const std::byte> compressed_;
  std::unique_ptr<Decompressor> stream_;
  std::deque<std::vector<std::byte>> blocks_;  // of the same size; the last perhaps not yet full
  uint64_t begin_ = 0, end_ = 0;  // of what is in the blocks, in the decompressed archive
};

// Whether the file at `path` begins as a compressed archive does. Throws Error when it cannot be
// read.
bool is_compressed_file(const std::filesystem::path& path);

// What ArchiveWindow::member gives. Any number of threads; a few archives
// (kOpenArchives) stay open between calls, the others are forgotten.
std::vector<std::byte> decompressed_member(const AudioLocation& location);

inline constexpr size_t kOpenArchives = 6;

}  // namespace bonafide
