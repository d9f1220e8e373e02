#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <set>

namespace bonafide {
namespace {

// First outputs of splitmix64 seeded with 0, from its authors' reference.
TEST(Scatter, IsSplitmix64) {
  EXPECT_EQ(scatter(0), 0xE220A8397B1DCDAFU);
  EXPECT_EQ(scatter(0x9E3779B97F4A7C15U), 0x6E789E6AA1B965F4U);
}

// Test vectors that come with FNV.
TEST(Hash, IsFnv1a) {
  EXPECT_EQ(hash(""), 0xCBF29CE484222325U);
  EXPECT_EQ(hash("a"), 0xAF63DC4C8601EC8CU);
  EXPECT_EQ(hash("foobar"), 0x85944171F73967E8U);
}

TEST(Random, RepeatsItselfForTheSameSeedAndStream) {
  Random a(1, 2);
  Random b(1, 2);

  EXPECT_EQ(a.bits(), b.bits());
  EXPECT_EQ(a.uniform(), b.uniform());
  EXPECT_EQ(a.normal(), b.normal());
}

TEST(Random, StreamsAndSeedsDiffer) {
  std::set<uint64_t> firsts;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    for (uint64_t stream = 0; stream < 100; ++stream) firsts.insert(Random(seed, stream).bits());
  }

  EXPECT_EQ(firsts.size(), 10000U);
}

TEST(Random, UniformFillsItsRange) {
  Random random(7);
  double sum = 0;
  double low = 10;
  double high = -10;
  for (int i = 0; i < 100000; ++i) {
    const double x = random.uniform(-2, 4);
    sum += x;
    low = std::min(low, x);
    high = std::max(high, x);
  }

  EXPECT_NEAR(sum / 100000, 1.0, 0.03);  // standard error 0.0055
  EXPECT_GE(low, -2);
  EXPECT_LT(low, -1.99);
  EXPECT_LT(high, 4);
  EXPECT_GT(high, 3.99);
}

TEST(Random, BelowGivesEveryNumberEquallyOften) {
  Random random(3);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60000; ++i) ++counts[random.below(6)];

  for (const int count : counts) EXPECT_NEAR(count, 10000, 500);  // 5 standard deviations
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Random random(5);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 100000; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }

  EXPECT_NEAR(sum / 100000, 0.0, 0.02);
  EXPECT_NEAR(squares / 100000, 1.0, 0.03);
}

TEST(Random, ShuffleKeepsEveryItem) {
  std::array<int, 50> items{};
  std::iota(items.begin(), items.end(), 0);
  auto shuffled = items;

  Random(9).shuffle(std::span<int>(shuffled));

  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

}  // namespace
}  // namespace bonafide
