#include "checkpoint/zip_writer.h"

#include <fmt/format.h>
#include <zlib.h>

#include <limits>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr uint64_t kAlignment = 64;
constexpr uint64_t kLocalHeader = 30;  // bytes before the name
constexpr uint64_t kExtraHeader = 4;
constexpr uint16_t kVersion = 20;      // the oldest reader that can
constexpr uint16_t kExtraId = 0x4246;  // padding; any id that nobody else uses
constexpr uint16_t kFirstDate = 0x21;  // 1 January 1980: the same bytes for the same tensors
constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();

template <typename Integer>
void put(std::string& text, Integer value) {
  for (size_t i = 0; i < sizeof(value); ++i) {
    text += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xFF);
  }
}

// What the local header and the directory's entry have in common.
std::string description(uint32_t checksum, uint32_t size, size_t name_length) {
  std::string text;
  put<uint16_t>(text, kVersion);
  put<uint16_t>(text, 0);  // flags
  put<uint16_t>(text, 0);  // stored
  put<uint16_t>(text, 0);  // time
  put<uint16_t>(text, kFirstDate);
  put<uint32_t>(text, checksum);
  put<uint32_t>(text, size);  // compressed
  put<uint32_t>(text, size);
  put<uint16_t>(text, static_cast<uint16_t>(name_length));
  return text;
}

uint32_t checksum_of(std::span<const std::byte> bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

}  // namespace

void ZipWriter::write(const std::string& header) {
  stream_.write(header.data(), static_cast<std::streamsize>(header.size()));
  position_ += header.size();
}

void ZipWriter::add(const std::string& name, std::span<const std::byte> bytes) {
  const uint64_t before = position_ + kLocalHeader + name.size() + kExtraHeader;
  const uint64_t padding = (kAlignment - before % kAlignment) % kAlignment;
  if (before + padding + bytes.size() > kMost ||
      members_.size() + 1 >= std::numeric_limits<uint16_t>::max() ||
      name.size() > std::numeric_limits<uint16_t>::max()) {
    throw Error(
        fmt::format("{}: does not fit a zip archive, which has at most 4 GiB and 65534 "
                    "members here",
                    printable(name)));
  }
  const Member member = {name, checksum_of(bytes), static_cast<uint32_t>(bytes.size()),
                         static_cast<uint32_t>(position_)};
  std::string header = "PK\x03\x04";
  header += description(member.checksum, member.size, name.size());
  put<uint16_t>(header, static_cast<uint16_t>(kExtraHeader + padding));
  header += name;
  put<uint16_t>(header, kExtraId);
  put<uint16_t>(header, static_cast<uint16_t>(padding));
  header.append(padding, '\0');
  write(header);
  stream_.write(reinterpret_cast<const char*>(bytes.data()),
                static_cast<std::streamsize>(bytes.size()));
  position_ += bytes.size();
  members_.push_back(member);
}

void ZipWriter::finish() {
  const uint64_t start = position_;
  for (const Member& member : members_) {
    std::string entry = "PK\x01\x02";
    put<uint16_t>(entry, kVersion);  // of the writer
    entry += description(member.checksum, member.size, member.name.size());
    put<uint16_t>(entry, 0);  // extra
    put<uint16_t>(entry, 0);  // comment
    put<uint16_t>(entry, 0);  // disk
    put<uint16_t>(entry, 0);  // internal attributes
    put<uint32_t>(entry, 0);  // external attributes
    put<uint32_t>(entry, member.offset);
    write(entry + member.name);
  }
  if (position_ > kMost) throw Error("a zip archive of more than 4 GiB");
  std::string end = "PK\x05\x06";
  put<uint16_t>(end, 0);
  put<uint16_t>(end, 0);
  put<uint16_t>(end, static_cast<uint16_t>(members_.size()));
  put<uint16_t>(end, static_cast<uint16_t>(members_.size()));
  put<uint32_t>(end, static_cast<uint32_t>(position_ - start));
  put<uint32_t>(end, static_cast<uint32_t>(start));
  put<uint16_t>(end, 0);  // comment
  write(end);
}

}  // namespace bonafide
