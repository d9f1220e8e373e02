#include "corpus/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace bonafide {
namespace {

TEST(ForEachParallel, DoesEveryItemOnce) {
  std::vector<std::atomic<int>> done(100);
  NoProgress progress;

  const auto outcome = for_each_parallel(100, 3, "testing", progress, [&](size_t i) { ++done[i]; });

  for (const auto& times : done) EXPECT_EQ(times, 1);
  EXPECT_TRUE(outcome.reasons.empty());
  EXPECT_FALSE(outcome.interrupted);
}

TEST(ForEachParallel, NotesFailuresInOrderAndGoesOn) {
  std::atomic<int> done = 0;
  NoProgress progress;

  const auto outcome = for_each_parallel(10, 2, "testing", progress, [&](size_t i) {
    if (i % 4 == 1) throw std::runtime_error("item " + std::to_string(i));
    ++done;
  });

  EXPECT_EQ(done, 7);
  EXPECT_EQ(outcome.reasons, (std::vector<std::string>{"item 1", "item 5", "item 9"}));
}

TEST(ForEachParallel, HasNothingToDoForNoItems) {
  NoProgress progress;

  EXPECT_TRUE(for_each_parallel(0, 2, "testing", progress, [](size_t) {}).reasons.empty());
}

}  // namespace
}  // namespace bonafide
