#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace bonafide {

// Whether the bytes begin as a zip archive does.
bool begins_as_zip(std::span<const std::byte> bytes);

// A zip archive (also zip64) whose members are stored, not compressed. Sizes and offsets come from
// the central directory, as PyTorch leaves them out of the local headers. Every one is checked
// against the bytes that are there. Throws Error naming the file.
class ZipArchive {
 public:
  // `name` goes into messages; members point into `bytes`.
  ZipArchive(std::span<const std::byte> bytes, const std::string& name);

  struct Member {
    std::span<const std::byte> bytes;
    bool stored = true;  // otherwise compressed, and `bytes` are of no use here
  };
  const std::map<std::string_view, Member>& members() const { return members_; }

 private:
  std::map<std::string_view, Member> members_;
};

}  // namespace bonafide
