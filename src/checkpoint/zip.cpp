#include "checkpoint/zip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/byte_reader.h"

// Record layouts: PKWARE's APPNOTE.TXT, sections 4.3.7 to 4.3.16 and 4.5.3.
namespace bonafide {

namespace {

using Bytes = std::span<const std::byte>;

constexpr uint32_t kLocalHeader = 0x04034b50;
constexpr uint32_t kCentralHeader = 0x02014b50;
constexpr uint32_t kEnd = 0x06054b50;
constexpr uint32_t kEnd64 = 0x06064b50;
constexpr uint32_t kEnd64Locator = 0x07064b50;
constexpr size_t kLocalHeaderSize = 30;
constexpr size_t kCentralHeaderSize = 46;
constexpr size_t kEndSize = 22;
constexpr size_t kEnd64Size = 56;
constexpr size_t kEnd64LocatorSize = 20;
constexpr size_t kMaxComment = 0xFFFF;
constexpr uint16_t kZip64Field = 1;
constexpr uint16_t kEncrypted = 1;      // flag bit
constexpr uint32_t kIn64 = 0xFFFFFFFF;  // "the true value is in the zip64 field"

// The number at `offset`, which the caller knows to be inside.
template <typename Number>
Number at(Bytes bytes, size_t offset) {
  Number value;
  std::memcpy(&value, bytes.data() + offset, sizeof(Number));
  return value;
}

class Directory {
 public:
  Directory(Bytes bytes, const std::string& name) : bytes_(bytes), name_(printable(name)) {
    const size_t end = find_end();
    const Bytes record = bytes.subspan(end, kEndSize);
    size_ = at<uint32_t>(record, 12);
    offset_ = at<uint32_t>(record, 16);
    if (end >= kEnd64LocatorSize && at<uint32_t>(bytes, end - kEnd64LocatorSize) == kEnd64Locator) {
      const Bytes end64 = part(at<uint64_t>(bytes, end - kEnd64LocatorSize + 8), kEnd64Size);
      if (at<uint32_t>(end64, 0) != kEnd64) fail("the zip64 end record is missing");
      size_ = at<uint64_t>(end64, 40);
      offset_ = at<uint64_t>(end64, 48);
    }
  }

  std::map<std::string_view, ZipArchive::Member> members() const {
    std::map<std::string_view, ZipArchive::Member> members;
    ByteReader reader(part(offset_, size_));
    while (reader.left() > 0) {
      const auto header = reader.take(kCentralHeaderSize);
      if (!header || at<uint32_t>(*header, 0) != kCentralHeader) {
        fail("the zip directory is broken");
      }
      const auto name = reader.take(at<uint16_t>(*header, 28));
      const auto extra = reader.take(at<uint16_t>(*header, 30));
      const auto comment = reader.take(at<uint16_t>(*header, 32));
      if (!name || !extra || !comment) fail("the zip directory is cut off");
      const std::string_view key(reinterpret_cast<const char*>(name->data()), name->size());
      if (!members.emplace(key, member(*header, *extra)).second) {
        fail(fmt::format("two members are called {}", printable(key)));
      }
    }
    return members;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(fmt::format("{}: {}", name_, why));
  }

  Bytes part(uint64_t offset, uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) {
      fail("the zip archive points beyond its end: the file is cut off; download or copy it again");
    }
    return bytes_.subspan(offset, size);
  }

  // The end record is the last thing but for a comment.
  size_t find_end() const {
    if (bytes_.size() >= kEndSize) {
      const size_t last = bytes_.size() - kEndSize;
      const size_t first = last - std::min(last, kMaxComment);
      for (size_t i = last + 1; i-- > first;) {
        if (at<uint32_t>(bytes_, i) == kEnd) return i;
      }
    }
    fail("the zip archive has no end record: the file is cut off; download or copy it again");
  }

  ZipArchive::Member member(Bytes header, Bytes extra) const {
    const auto flags = at<uint16_t>(header, 8);
    const auto method = at<uint16_t>(header, 10);
    uint64_t packed = at<uint32_t>(header, 20);
    uint64_t size = at<uint32_t>(header, 24);
    uint64_t offset = at<uint32_t>(header, 42);
    read_zip64_field(extra, size, packed, offset);

    const Bytes local = part(offset, kLocalHeaderSize);
    if (at<uint32_t>(local, 0) != kLocalHeader) fail("a zip member has no local header");
    const uint64_t skipped =
        kLocalHeaderSize + at<uint16_t>(local, 26) + uint64_t{at<uint16_t>(local, 28)};
    const Bytes bytes = part(offset + skipped, packed);
    return {bytes, method == 0 && (flags & kEncrypted) == 0 && packed == size};
  }

  // Holds, in this order, those of the three values that did not fit into 32 bits.
  void read_zip64_field(Bytes extra, uint64_t& size, uint64_t& packed, uint64_t& offset) const {
    ByteReader fields(extra);
    while (fields.left() >= 4) {
      const auto id = fields.number<uint16_t>();
      const auto content = fields.take(*fields.number<uint16_t>());
      if (!content) return;  // padding
      if (id != kZip64Field) continue;
      ByteReader field(*content);
      for (uint64_t* value : {&size, &packed, &offset}) {
        if (*value != kIn64) continue;
        const auto large = field.number<uint64_t>();
        if (!large) fail("a zip64 field is cut off");
        *value = *large;
      }
      return;
    }
  }

  Bytes bytes_;
  std::string name_;
  uint64_t size_ = 0;
  uint64_t offset_ = 0;
};

}  // namespace

bool begins_as_zip(std::span<const std::byte> bytes) {
  return bytes.size() >= 4 && at<uint32_t>(bytes, 0) == kLocalHeader;
}

ZipArchive::ZipArchive(std::span<const std::byte> bytes, const std::string& name)
    : members_(Directory(bytes, name).members()) {}

}  // namespace bonafide
