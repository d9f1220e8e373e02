#include "journal/event_file.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "scratch.h"

namespace bonafide {
namespace {

// The check value of the CRC catalogue, and RFC 3720's example of 32 zeros.
TEST(Crc32c, AgreesWithPublishedValues) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
}

// Without it TensorBoard would show the steps twice that a killed run takes again.
TEST(EventFile, BeginsASessionAtItsFirstStep) {
  const Scratch scratch;
  EventFile(scratch.path(), 300).flush();

  const auto file = std::filesystem::directory_iterator(scratch.path())->path();
  const std::string bytes = read_text(file);
  constexpr size_t kFrame = 8 + 4 + 4;  // of a record: length and two CRCs
  constexpr size_t kTime = 9;           // of an event
  const size_t first = static_cast<uint8_t>(bytes.at(0)) + kFrame;
  const std::string second = bytes.substr(first + 8 + 4);
  using namespace std::string_literals;
  EXPECT_EQ(second.substr(kTime, 7), "\x10\xAC\x02\x3A\x02\x08\x01"s);  // step 300; 7: {1: START}
  EXPECT_EQ(second.size(), kTime + 7 + 4);
}

}  // namespace
}  // namespace bonafide
