#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace bonafide {

// Writes a zip archive whose members are stored, not compressed, and begin at multiples of 64
// bytes, as PyTorch lays its own out. Without zip64: up to 4 GiB and 65535 members.
class ZipWriter {
 public:
  // Writes at the stream's beginning.
  explicit ZipWriter(std::ostream& stream) : stream_(stream) {}

  // Throws Error when the archive would get too large.
  void add(const std::string& name, std::span<const std::byte> bytes);
  // The directory of members, which ends the archive.
  void finish();

 private:
  struct Member {
    std::string name;
    uint32_t checksum, size, offset;
  };
  void write(const std::string& header);

  std::ostream& stream_;
  uint64_t position_ = 0;
  std::vector<Member> members_;
};

}  // namespace bonafide
