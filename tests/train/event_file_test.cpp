#include "train/event_file.h"

#include <gtest/gtest.h>

namespace bonafide {
namespace {

// The check value of the CRC catalogue, and RFC 3720's example of 32 zeros.
TEST(Crc32c, AgreesWithPublishedValues) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
}

}  // namespace
}  // namespace bonafide
