#include "base/decompressor.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "compressed.h"
#include "error_text.h"

namespace bonafide {
namespace {

struct Form {
  std::string name;
  std::function<std::string(const std::string&)> compress;
};

class Decompressed : public testing::TestWithParam<Form> {
 protected:
  static std::string compressed(const std::string& text) { return GetParam().compress(text); }

  // Read in pieces of so many bytes.
  static std::string read(const std::string& bytes, size_t piece = 1000) {
    const auto stream = make_decompressor(std::as_bytes(std::span(bytes.data(), bytes.size())));
    std::string text, block(piece, '\0');
    for (;;) {
      const size_t got = stream->read(std::as_writable_bytes(std::span(block)));
      text.append(block, 0, got);
      if (got == 0) return text;
    }
  }

  static std::string complaint(const std::string& bytes) {
    return error_text([&] { read(bytes, 1 << 20); });
  }

  // Bytes that no compressor makes much shorter.
  static std::string noise(size_t size) {
    Random random(1, 2);
    std::string text;
    while (text.size() < size) text.push_back(static_cast<char>(random.below(256)));
    return text;
  }
};

TEST_P(Decompressed, IsWhatWasCompressed) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{3000}, size_t{300000}}) {
    const std::string text = noise(size);
    EXPECT_EQ(read(compressed(text)), text);
    EXPECT_EQ(read(compressed(text), 70000), text);
  }
}

TEST_P(Decompressed, JoinsStreamsThatFollowEachOther) {
  EXPECT_EQ(read(compressed("one ") + compressed("two")), "one two");
}

TEST_P(Decompressed, SaysWhenItIsCutShort) {
  const std::string bytes = compressed(noise(50000));
  for (const size_t length : {bytes.size() - 1, bytes.size() / 2, size_t{7}}) {
    EXPECT_EQ(complaint(bytes.substr(0, length)), GetParam().name + ": cut short") << length;
  }
}

TEST_P(Decompressed, SaysWhenAByteIsWrongAnywhere) {
  const std::string bytes = compressed(noise(2000));
  for (size_t at = 12; at < bytes.size(); at += 97) {
    std::string wrong = bytes;
    wrong[at] = static_cast<char>(wrong[at] ^ 0x10);
    EXPECT_EQ(complaint(wrong).substr(0, GetParam().name.size() + 1), GetParam().name + ":") << at;
  }
}

TEST_P(Decompressed, IsNoBomb) {
  const std::string zeros(80 << 20, '\0');
  EXPECT_NE(complaint(compressed(zeros)).find("a bomb"), std::string::npos);
}

TEST_P(Decompressed, MayBeDigitalSilenceOfSomeLength) {
  const std::string zeros(20 << 20, '\0');
  EXPECT_EQ(read(compressed(zeros), 1 << 20).size(), zeros.size());
}

INSTANTIATE_TEST_SUITE_P(, Decompressed,
                         testing::Values(Form{"gzip", gzipped}, Form{"xz", xzipped},
                                         Form{"zstd", zstandard}),
                         [](const auto& form) { return form.param.name; });

TEST(Decompressor, NamesACompressionThatItDoesNotKnow) {
  const std::string bytes = "BZh91AY";
  const auto span = std::as_bytes(std::span(bytes.data(), bytes.size()));
  EXPECT_EQ(compression_of(span), "bzip2");
  EXPECT_THROW(make_decompressor(span), Error);
  EXPECT_EQ(compression_of({}), "");
}

TEST(Decompressor, RefusesAnXzFileThatWantsMuchMemory) {
  std::string bytes = xzipped("a few bytes");
  // In the block's header the filter's name (0x21, with one byte of properties) stands before the
  // size of its dictionary; a checksum ends it.
  const size_t header = 12, length = (static_cast<unsigned char>(bytes[header]) + 1u) * 4;
  bytes[bytes.find("\x21\x01", header) + 2] = 40;  // 4 GiB
  const uint32_t crc = lzma_crc32(reinterpret_cast<const uint8_t*>(&bytes[header]), length - 4, 0);
  for (size_t i = 0; i < 4; ++i) {
    bytes[header + length - 4 + i] = static_cast<char>(crc >> (8 * i));
  }
  const auto stream = make_decompressor(std::as_bytes(std::span(bytes.data(), bytes.size())));
  std::vector<std::byte> to(100);
  EXPECT_EQ(error_text([&] { stream->read(to); }), "xz: wants more than 256 MiB of memory");
}

}  // namespace
}  // namespace bonafide
