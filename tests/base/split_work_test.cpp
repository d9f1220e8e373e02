#include "base/split_work.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

TEST(SplitWork, GivesEachItemToOnePart) {
  std::vector<int> met(1001);
  split_work(met.size(), 3, [&](size_t, size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) ++met[i];
  });

  EXPECT_EQ(met, std::vector<int>(1001, 1));
}

TEST(SplitWork, ThrowsWhatAPartThrowsWhenAllHaveEnded) {
  std::atomic<int> ended = 0;
  EXPECT_EQ(error_text([&] {
              split_work(4, 4, [&](size_t part, size_t, size_t) {
                ++ended;
                if (part == 1 || part == 3) throw Error("part " + std::to_string(part));
              });
            }),
            "part 1");
  EXPECT_EQ(ended, 4);
}

}  // namespace
}  // namespace bonafide
