#include "base/ordered_pipeline.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>

namespace bonafide {
namespace {

std::vector<size_t> squares(size_t count, size_t threads, size_t ahead) {
  OrderedPipeline<size_t> pipeline(count, threads, ahead, [](size_t i) { return i * i; });
  std::vector<size_t> items;
  while (const auto item = pipeline.next()) items.push_back(*item);
  return items;
}

class AnyNumberOfThreads : public testing::TestWithParam<size_t> {};

TEST_P(AnyNumberOfThreads, KeepsTheOrder) {
  const auto items = squares(1000, GetParam(), 16);

  ASSERT_EQ(items.size(), 1000U);
  for (size_t i = 0; i < items.size(); ++i) ASSERT_EQ(items[i], i * i);
}

INSTANTIATE_TEST_SUITE_P(Threads, AnyNumberOfThreads, testing::Values(0, 1, 2, 8));

TEST(OrderedPipeline, OfNothingEndsAtOnce) {
  EXPECT_TRUE(squares(0, 2, 4).empty());
  EXPECT_EQ(squares(1, 2, 0).size(), 1U);
}

TEST(OrderedPipeline, StaysWithinItsBoundAheadOfTheReader) {
  std::atomic<size_t> begun = 0;
  OrderedPipeline<size_t> pipeline(1000, 4, 3, [&](size_t i) {
    ++begun;
    return i;
  });

  for (size_t given = 1; given <= 1000; ++given) {
    pipeline.next();
    ASSERT_LE(begun, given + 3);
  }
}

TEST(OrderedPipeline, HandsOutItemsThatCannotBeCopied) {
  OrderedPipeline<std::unique_ptr<size_t>> pipeline(
      3, 2, 2, [](size_t i) { return std::make_unique<size_t>(i); });

  EXPECT_EQ(**pipeline.next(), 0U);
  EXPECT_EQ(**pipeline.next(), 1U);
}

TEST(OrderedPipeline, CanBeLeftInTheMiddle) {
  std::atomic<size_t> begun = 0;
  {
    OrderedPipeline<size_t> pipeline(1000000, 2, 4, [&](size_t i) {
      ++begun;
      return i;
    });
    pipeline.next();
  }

  EXPECT_LE(begun, 6U);
}

TEST(OrderedPipeline, StartsNoThreadThatWouldHaveNothingToDo) {
  std::mutex mutex;
  std::set<std::thread::id> workers;
  OrderedPipeline<size_t> pipeline(100, /*threads=*/100000, /*ahead=*/4, [&](size_t i) {
    const std::lock_guard lock(mutex);
    workers.insert(std::this_thread::get_id());
    return i;
  });
  while (pipeline.next()) {
  }

  EXPECT_LE(workers.size(), 4U);
}

}  // namespace
}  // namespace bonafide
