#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace bonafide {

// "gzip", "bzip2", "xz" or "zstd" when the bytes begin with its mark; else empty,
// and for a tar archive whatever its first member is called.
std::string_view compression_of(std::span<const std::byte> bytes);

// What compressed bytes stand for, from the first byte to the last: there is no way back. Memory is
// bounded (xz and zstd files that want more than 256 and 128 MiB to look back in are refused).
// Checksums are verified where the format has them.
class Decompressor {
 public:
  virtual ~Decompressor() = default;
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  // Up to as many bytes as `to` has room for; none only at the end. Throws Error when the bytes are
  // damaged or cut short, after what lies before the damage was read, or when they are a bomb: more
  // than 64 MiB, and more than 250 bytes of each compressed one.
  size_t read(std::span<std::byte> to);

 protected:
  explicit Decompressor(std::span<const std::byte> bytes) : bytes_(bytes), rest_(bytes) {}

  struct Step {
    size_t taken = 0;  // bytes of `from`
    size_t given = 0;  // bytes put into `to`
    bool ended = false;
  };
  // `from` is all that is left; neither taken nor given: it was not enough.
  virtual Step step(std::span<const std::byte> from, std::span<std::byte> to) = 0;

 private:
  void expect_no_bomb() const;

  std::span<const std::byte> bytes_, rest_;
  std::string trouble_;
  uint64_t given_ = 0;
  bool ended_ = false;
};

// Of gzip (also several in a row), xz or zstd; the bytes must outlive it. Throws Error naming the
// compression for any other.
std::unique_ptr<Decompressor> make_decompressor(std::span<const std::byte> bytes);

}  // namespace bonafide
