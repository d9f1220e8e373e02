#include "base/block_pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <thread>
#include <vector>

namespace bonafide {
namespace {

constexpr std::size_t kMega = std::size_t{1} << 20;

TEST(BlockPool, GivesAlignedMemoryThatCanBeWritten) {
  BlockPool pool(64 * kMega);
  void* block = pool.take(3 * kMega + 5);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % (64 << 10), 0U);
  std::memset(block, 7, 3 * kMega + 5);
  EXPECT_TRUE(pool.give_back(block));
}

TEST(BlockPool, HandsOutAgainWhatCameBack) {
  BlockPool pool(64 * kMega);
  void* block = pool.take(8 * kMega);
  std::memset(block, 7, 8 * kMega);
  ASSERT_TRUE(pool.give_back(block));
  EXPECT_EQ(pool.take(8 * kMega), block);
  EXPECT_EQ(static_cast<char*>(block)[kMega], 7) << "its pages were given to the kernel";
}

TEST(BlockPool, GivesToTheKernelWhatItMayNotHold) {
  BlockPool pool(64 * kMega);
  char* small = static_cast<char*>(pool.take(8 * kMega));
  std::memset(small, 7, 8 * kMega);
  pool.give_back(small);
  char* large = static_cast<char*>(pool.take(16 * kMega));  // over them, and with new pages
  ASSERT_EQ(large, small);
  EXPECT_EQ(large[0], 0);
  EXPECT_EQ(large[8 * kMega - 1], 0);
}

TEST(BlockPool, CutsALargeBlockIntoSmallerOnesAndJoinsThemAgain) {
  BlockPool pool(64 * kMega);
  void* large = pool.take(8 * kMega);
  pool.give_back(large);
  void* first = pool.take(2 * kMega);
  void* second = pool.take(6 * kMega);
  EXPECT_EQ(pool.held(), 8 * kMega);
  pool.give_back(second);
  pool.give_back(first);
  EXPECT_EQ(pool.take(8 * kMega), large);
}

TEST(BlockPool, HoldsAtMostAnEighthMoreThanWasOnceInUse) {
  BlockPool pool(std::size_t{1} << 30);
  std::mt19937 draws(1);
  std::vector<std::pair<void*, std::size_t>> blocks;
  std::size_t used = 0;
  std::size_t most_used = 0;
  for (int i = 0; i < 2000; ++i) {
    if (used > 40 * kMega || (!blocks.empty() && draws() % 2 == 0)) {
      const std::size_t which = draws() % blocks.size();
      ASSERT_TRUE(pool.give_back(blocks[which].first));
      used -= blocks[which].second;
      blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(which));
    } else {
      const std::size_t size = (1 + draws() % 200) << 16;
      blocks.emplace_back(pool.take(size), size);
      ASSERT_NE(blocks.back().first, nullptr);
      used += size;
      most_used = std::max(most_used, used);
    }
    ASSERT_LE(pool.held(), most_used + most_used / 8 + (std::size_t{64} << 10));
  }
}

TEST(BlockPool, NeverGivesTheSameMemoryTwice) {
  BlockPool pool(std::size_t{1} << 30);
  const auto work = [&pool](unsigned char mark) {
    std::mt19937 draws(mark);
    std::vector<std::pair<unsigned char*, std::size_t>> blocks;
    for (int i = 0; i < 400; ++i) {
      const std::size_t size = (1 + draws() % 20) << 16;
      blocks.emplace_back(static_cast<unsigned char*>(pool.take(size)), size);
      std::memset(blocks.back().first, mark, size);
      if (blocks.size() < 10) continue;
      const auto [block, length] = blocks[draws() % 10];
      for (std::size_t k = 0; k < length; k += 4096) ASSERT_EQ(block[k], mark);
      pool.give_back(blocks.back().first);
      blocks.pop_back();
    }
  };
  std::thread other(work, 1);
  work(2);
  other.join();
}

TEST(BlockPool, HasNothingToGiveWhenItsAddressesAreUsed) {
  BlockPool pool(4 * kMega);
  void* block = pool.take(3 * kMega);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(pool.take(2 * kMega), nullptr);
  EXPECT_EQ(pool.take(std::numeric_limits<std::size_t>::max()), nullptr);
  pool.give_back(block);
  EXPECT_NE(pool.take(4 * kMega), nullptr);
}

TEST(BlockPool, HasNothingToGiveWhenTheSystemRefusesTheAddresses) {
  BlockPool pool(std::size_t{1} << 62);
  EXPECT_EQ(pool.take(kMega), nullptr);
  int outside = 0;
  EXPECT_FALSE(pool.give_back(&outside));
}

TEST(BlockPool, KnowsItsOwnBlocks) {
  BlockPool pool(16 * kMega);
  char* block = static_cast<char*>(pool.take(2 * kMega));
  std::vector<char> elsewhere(10);
  EXPECT_FALSE(pool.give_back(elsewhere.data()));
  EXPECT_FALSE(pool.give_back(block + kMega));
  EXPECT_TRUE(pool.give_back(block));
  EXPECT_FALSE(pool.give_back(block)) << "twice";
}

}  // namespace
}  // namespace bonafide
