#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/file.h"

namespace bonafide {

// Bytes that were made at some cost, kept in a folder under a key. Any number of threads and
// processes may share the folder: a file is there whole or not at all. What lies in the folder is
// not believed: a file whose size, key or checksum is wrong counts as absent, and is made anew.
// Nothing is ever deleted; remove the folder when it is no longer wanted.
class FileCache {
 public:
  // Makes the folder. Throws Error when that is impossible.
  explicit FileCache(std::filesystem::path folder);

  // A kept entry, mapped and watched: ask file.lost() when it has been read.
  struct Entry {
    MappedFile file;
    std::span<const std::byte> bytes;  // of `file`
  };
  std::optional<Entry> find(std::string_view key) const;

  // Keeps the bytes. When that fails (a full disk), nothing is kept from then on; the reason is
  // trouble().
  void keep(std::string_view key, std::span<const std::byte> bytes) const;

  // Why nothing is kept any more; empty while all is well.
  std::string trouble() const;

 private:
  std::filesystem::path path_of(std::string_view key) const;

  std::filesystem::path folder_;
  mutable std::atomic<bool> failed_ = false;
  mutable std::mutex mutex_;
  mutable std::string trouble_;
};

}  // namespace bonafide
