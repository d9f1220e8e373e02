#include "base/memory_left.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>

#include "error_text.h"

namespace bonafide {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(MemoryLeft, IsSomeAndNotMoreThanAddressesAre) {
  EXPECT_GT(memory_left(), 0U);
  EXPECT_LT(memory_left(), uint64_t{1} << 60);
  EXPECT_NO_THROW(expect_memory(1, "a byte"));
}

TEST(MemoryLeft, SaysHowManyBytesAreNeeded) {
  EXPECT_THAT(error_text([] { expect_memory(uint64_t{1} << 62, "a whale"); }),
              AllOf(HasSubstr("a whale needs 4611686018427387904 bytes of memory, and "),
                    HasSubstr("are left")));
}

TEST(MemoryLeft, HeedsTheLimitOfTheShell) {
  const auto limited = [] {
    const rlimit limit{uint64_t{4} << 30, uint64_t{4} << 30};
    ::setrlimit(RLIMIT_AS, &limit);
    std::_Exit(memory_left() <= limit.rlim_cur ? 0 : 1);
  };

  EXPECT_EXIT(limited(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace bonafide
