#include "base/interrupt.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

namespace bonafide {
namespace {

// Signals change the whole process, so each test works in a child.
TEST(InterruptDeathTest, FirstSignalIsARequest) {
  EXPECT_EXIT(
      {
        watch_for_interrupts();
        const bool before = interrupted();
        std::raise(SIGTERM);
        std::_Exit(!before && interrupted() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(InterruptDeathTest, SecondSignalEndsTheProgram) {
  EXPECT_EXIT(
      {
        watch_for_interrupts();
        std::raise(SIGINT);
        std::raise(SIGINT);
        std::_Exit(0);
      },
      testing::KilledBySignal(SIGINT), "");
}

TEST(InterruptDeathTest, SecondSignalMayBeAnotherOne) {
  EXPECT_EXIT(
      {
        watch_for_interrupts();
        std::raise(SIGINT);
        std::raise(SIGTERM);
        std::_Exit(0);
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace bonafide
