#include "train/journal.h"

#include <gtest/gtest.h>

#include "scratch.h"

namespace bonafide {
namespace {

TEST(Journal, KeepsTheEpochsBeforeTheOneToResume) {
  const Scratch folder;
  const auto path = folder / "log.csv";
  {
    Journal journal(path, 0);
    for (int64_t epoch = 0; epoch < 3; ++epoch) journal.add({epoch, 0.5, 1e-3, 12.25, true, 1, 9});
  }

  Journal resumed(path, 2);
  resumed.add({2, 0.25, 1e-3, 10, false, 1, 9});

  const auto records = Journal::read(path);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[1].eer, 12.25);
  EXPECT_EQ(records[2].loss, 0.25);
}

}  // namespace
}  // namespace bonafide
