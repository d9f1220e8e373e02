#include "loading/archive_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace bonafide {
namespace {

// Eight archives of 300 recordings, 100 kB each, listed in turns.
std::vector<Trial> trials_in_archives() {
  std::vector<Trial> trials;
  for (uint64_t i = 0; i < 300; ++i) {
    for (int archive = 0; archive < 8; ++archive) {
      Trial trial;
      trial.path = "s" + std::to_string(archive) + ".tar.gz";
      trial.member = {"m", 512 + i * 100000, 99000};
      trials.push_back(trial);
    }
  }
  return trials;
}

TEST(ArchiveOrder, HasEachTrialOnce) {
  const auto trials = trials_in_archives();
  Random random(1, 2);
  auto order = archive_order(trials, random);

  std::sort(order.begin(), order.end());
  std::vector<size_t> all(trials.size());
  std::iota(all.begin(), all.end(), size_t{0});
  EXPECT_EQ(order, all);
}

TEST(ArchiveOrder, GoesThroughFourArchivesAtATimeAndNeverFarBack) {
  const auto trials = trials_in_archives();
  Random random(1, 2);
  std::map<std::string, uint64_t> furthest;
  std::map<std::string, int> left;
  for (const Trial& trial : trials) ++left[trial.path.native()];
  std::set<std::string> open;
  for (const size_t i : archive_order(trials, random)) {
    const std::string& archive = trials[i].path.native();
    const uint64_t offset = trials[i].member.offset;
    furthest[archive] = std::max(furthest[archive], offset);
    EXPECT_LT(furthest[archive] - offset, uint64_t{8} << 20);
    open.insert(archive);
    EXPECT_LE(open.size(), 4u);
    if (--left[archive] == 0) open.erase(archive);
  }
}

TEST(ArchiveOrder, ShufflesNeighboursAnewInEachEpoch) {
  const auto trials = trials_in_archives();
  Random first(1, 2), second(1, 3), again(1, 2);
  const auto order = archive_order(trials, first);

  EXPECT_NE(order, archive_order(trials, second));
  EXPECT_EQ(order, archive_order(trials, again));
  size_t in_order = 0;  // pairs of one archive
  for (size_t i = 1; i < order.size(); ++i) in_order += order[i] == order[i - 1] + 8 ? 1 : 0;
  EXPECT_LT(in_order, 50u);
}

TEST(ArchiveOrder, ShufflesRecordingsOutsideOfArchives) {
  std::vector<Trial> trials(500);
  for (size_t i = 0; i < trials.size(); ++i) trials[i].path = std::to_string(i) + ".wav";
  Random random(1, 2);
  const auto order = archive_order(trials, random);
  const auto early =
      std::count_if(order.begin(), order.begin() + 250, [](size_t i) { return i < 250; });
  EXPECT_NEAR(static_cast<double>(early), 125, 40);
}

}  // namespace
}  // namespace bonafide
