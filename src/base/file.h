#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

#include "base/mapping_guard.h"

namespace bonafide {

// A regular file's bytes, mapped read-only. Throws Error when it is missing, unreadable, or not a
// regular file (a directory, pipe or device would block or never end).
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

  // Has the kernel map a stretch of the bytes at once, instead of with a fault for every few pages.
  void map_now(size_t offset, size_t size) const;

  // Lets the pages wholly inside a part of the bytes go, which stay readable: what was copied need
  // not count as this process' memory any longer. Bytes that are not the file's are left alone.
  void let_go(std::span<const std::byte> part) const;

  // From now on, what the file loses while it is read (it shrinks, its disk fails) reads as zeros,
  // where else the process would be killed. After reading, ask expect_unchanged().
  void watch();

  // Whether a part of it was lost since watch().
  bool lost() const { return guard_.lost(); }
  // Throws Error, naming the file, when one was.
  void expect_unchanged() const;

 private:
  std::filesystem::path path_;
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
  MappingGuard guard_;
};

// Throws Error as MappedFile does, and when the file is larger than `limit` bytes.
std::string read_text(const std::filesystem::path& path, size_t limit = size_t{1} << 30);

// Writes beside `path` and renames, so that a reader sees the old file or the whole new one, also
// after a power cut.
// Follows symbolic links; into a device or a pipe it writes directly. Throws Error naming `path`.
void write_atomically(const std::filesystem::path& path,
                      const std::function<void(std::ostream&)>& write);
void write_atomically(const std::filesystem::path& path, std::string_view text);

// Removes what write_atomically() left in the folder of files with an extension where its process
// was killed. A file whose process may still be writing stays.
void remove_abandoned_parts(const std::filesystem::path& folder);

// "scores.csv: No such file or directory", made printable.
std::string describe_errno(const std::filesystem::path& path, int code);

}  // namespace bonafide
