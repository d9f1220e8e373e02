#include "journal/journal.h"

#include <gtest/gtest.h>

#include "base/file.h"
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

TEST(Journal, HasAColumnForEachFigureThatAnyEpochHas) {
  const Scratch folder;
  const auto path = folder / "log.csv";
  Journal journal(path, 0);
  journal.add({0, 0.5, 1e-3, std::nullopt, false, 1, 9});
  journal.add({1, 0.5, 1e-3, 2.5, true, 1, 9, {{"sv_eer", 2.5}, {"a_dcf1", 0.125}}});

  EXPECT_EQ(read_text(path),
            "epoch,loss,learning_rate,eer,best,seconds,utt_per_s,sv_eer,a_dcf1\n"
            "0,0.5,0.001,,0,1.00,9.00,,\n1,0.5,0.001,2.5,1,1.00,9.00,2.5,0.125\n");
  const auto records = Journal::read(path);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_FALSE(records[0].eer.has_value());
  EXPECT_TRUE(records[0].figures.empty());
  EXPECT_EQ(records[1].figures, journal.records()[1].figures);
}

}  // namespace
}  // namespace bonafide
