#include "checkpoint/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error_text.h"

namespace bonafide {
namespace {

using testing::HasSubstr;

template <typename Number>
std::string raw(Number value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

std::string u16(size_t value) { return raw(static_cast<uint16_t>(value)); }
std::string u32(size_t value) { return raw(static_cast<uint32_t>(value)); }
std::string u64(size_t value) { return raw(static_cast<uint64_t>(value)); }

struct Options {
  bool zip64 = false;
  uint16_t method = 0;
  size_t offset = 0;  // added to where the member is
  size_t size = 0;    // added to the member's size
  std::string comment = {};
};

std::string central_entry(const std::string& name, size_t size, size_t offset,
                          const Options& options) {
  const std::string extra =
      options.zip64 ? u16(1) + u16(24) + u64(size) + u64(size) + u64(offset) : "";
  const size_t unknown = 0xFFFFFFFF;
  const std::string sizes = options.zip64 ? u32(unknown) + u32(unknown) : u32(size) + u32(size);
  return u32(0x02014b50) + u16(20) + u16(20) + u16(8) + u16(options.method) + u32(0) + u32(0) +
         sizes + u16(name.size()) + u16(extra.size()) + u16(0) + u16(0) + u16(0) + u32(0) +
         u32(options.zip64 ? unknown : offset) + name + extra;
}

// An archive of one member, as PyTorch writes it: the local header does not know the size.
std::string archive(const std::string& name, const std::string& content, const Options& options) {
  const std::string padding = u16(0x4246) + u16(3) + "zzz";
  std::string bytes = u32(0x04034b50) + u16(20) + u16(0x0808) + u16(options.method) + u32(0) +
                      u32(0) + u32(0) + u32(0) + u16(name.size()) + u16(padding.size()) + name +
                      padding + content;
  const size_t start = bytes.size();
  bytes += central_entry(name, content.size() + options.size, options.offset, options);
  const size_t length = bytes.size() - start;
  if (options.zip64) {
    const size_t end = bytes.size();
    bytes += u32(0x06064b50) + u64(44) + u16(45) + u16(45) + u32(0) + u32(0) + u64(1) + u64(1) +
             u64(length) + u64(start);
    bytes += u32(0x07064b50) + u32(0) + u64(end) + u32(1);
  }
  return bytes + u32(0x06054b50) + u16(0) + u16(0) + u16(1) + u16(1) + u32(length) + u32(start) +
         u16(options.comment.size()) + options.comment;
}

ZipArchive read(const std::string& bytes) { return {std::as_bytes(std::span(bytes)), "x.pt"}; }

std::string content(const ZipArchive& zip, std::string_view name) {
  const auto& member = zip.members().at(name);
  return {reinterpret_cast<const char*>(member.bytes.data()), member.bytes.size()};
}

std::string refusal(const std::string& bytes) {
  return error_text([&] { read(bytes); });
}

TEST(ZipArchive, FindsAMemberWhoseLocalHeaderHasNoSize) {
  const std::string bytes = archive("a/data.pkl", "content", {});

  EXPECT_TRUE(begins_as_zip(std::as_bytes(std::span(bytes))));
  EXPECT_EQ(content(read(bytes), "a/data.pkl"), "content");
}

TEST(ZipArchive, ReadsZip64) {
  const std::string bytes = archive("a", "content", {.zip64 = true});

  EXPECT_EQ(content(read(bytes), "a"), "content");
}

TEST(ZipArchive, PassesOverACommentAtTheEnd) {
  const std::string bytes = archive("a", "content", {.comment = "a few words"});

  EXPECT_EQ(content(read(bytes), "a"), "content");
}

TEST(ZipArchive, TellsThatAMemberIsCompressed) {
  const std::string bytes = archive("a", "content", {.method = 8});

  EXPECT_FALSE(read(bytes).members().at("a").stored);
}

TEST(ZipArchive, RefusesAFileWithoutAnEnd) {
  const std::string bytes = archive("a", "content", {});

  EXPECT_THAT(refusal(bytes.substr(0, bytes.size() - 1)), HasSubstr("no end record"));
  EXPECT_THAT(refusal("PK\x03\x04"), HasSubstr("no end record"));
}

TEST(ZipArchive, RefusesMembersBeyondTheEnd) {
  EXPECT_THAT(refusal(archive("a", "content", {.offset = 1 << 20})), HasSubstr("beyond its end"));
  EXPECT_THAT(refusal(archive("a", "content", {.size = 1 << 20})), HasSubstr("beyond its end"));
  EXPECT_THAT(refusal(archive("a", "content", {.zip64 = true, .offset = ~size_t{0} - 5})),
              HasSubstr("beyond its end"));
  EXPECT_THAT(refusal(archive("a", "content", {.zip64 = true, .size = ~size_t{0} - 20})),
              HasSubstr("beyond its end"));
}

TEST(ZipArchive, RefusesAMemberWithoutLocalHeader) {
  EXPECT_THAT(refusal(archive("a", "content", {.offset = 1})), HasSubstr("no local header"));
}

}  // namespace
}  // namespace bonafide
