#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace bonafide {

// Whether a pipe or a socket lies there: also /dev/stdin and /dev/fd/63 where they are one.
bool is_pipe(const std::filesystem::path& path);

// What came out of a pipe, in memory.
class PipeContent {
 public:
  // Reads until the last writer is done. Throws Error, naming the path, for what is no pipe, for
  // more than `limit` bytes, for none at all, for a named pipe that nobody opens for writing within
  // `patience` seconds, and when interrupted (base/interrupt.h).
  explicit PipeContent(const std::filesystem::path& path, size_t limit = kMostPiped,
                       double patience = 10);

  std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }

  static constexpr size_t kMostPiped = size_t{1} << 31;

 private:
  enum class Got { kBytes, kNothingYet, kNoWriter };

  void grow(const std::filesystem::path& path);
  Got read_some(int fd, const std::filesystem::path& path);

  struct Free {
    void operator()(std::byte* bytes) const { std::free(bytes); }
  };

  std::unique_ptr<std::byte, Free> bytes_;  // from realloc, which moves pages where vectors copy
  size_t size_ = 0;
  size_t capacity_ = 0;
};

// What a file holds (base/file.h), or what comes out of a pipe: lists may be given as `<(...)`.
// Throws Error as they do.
std::string read_text_or_pipe(const std::filesystem::path& path);

}  // namespace bonafide
