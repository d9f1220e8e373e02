#include "minicorpus/split.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "minicorpus/copy.h"
#include "minicorpus/sources.h"
#include "minicorpus/synthesis.h"

namespace bonafide {
namespace {

using Partitions = std::set<std::string_view>;

size_t total(std::span<const Share> shares, std::string_view partition) {
  size_t sum = 0;
  for (const Share& share : shares) sum += share.partition == partition ? share.utterances : 0;
  return sum;
}

TEST(MiniSplit, HasEachHumanSpeakerInOnePartition) {
  std::map<std::string, Partitions> partitions_of;
  for (const Share& share : human_shares()) {
    partitions_of[find_human_source(share.source).speaker].insert(share.partition);
  }

  for (const auto& [speaker, partitions] : partitions_of)
    EXPECT_EQ(partitions.size(), 1u) << speaker;
}

TEST(MiniSplit, HasEachAttackInOnePartitionExceptTheRepeatsOverTheTelephone) {
  std::map<std::string_view, Partitions> partitions_of;
  for (const Share& share : voice_shares()) partitions_of[share.source].insert(share.partition);
  for (const Share& share : copy_shares()) partitions_of[share.source].insert(share.partition);

  for (auto& [attack, partitions] : partitions_of) {
    if (attack == "flite-rms" || attack == "festival-cmu_us_slt_arctic_hts") {
      EXPECT_EQ(partitions.erase(kTelephonePartition), 1u) << attack;
    }
    EXPECT_EQ(partitions.size(), 1u) << attack;
  }
}

TEST(MiniSplit, KeepsVoicesOfHumanSpeakersAwayFromThemExceptTheKnownTarget) {
  std::set<std::string> humans;
  for (const Share& share : human_shares()) humans.insert(find_human_source(share.source).speaker);

  for (const Share& share : voice_shares()) {
    const Voice& voice = find_voice(share.source);
    EXPECT_EQ(humans.count(voice.speaker), voice.name == "msu_ru_nsh_clunits" ? 1u : 0u)
        << voice.id;
  }
}

TEST(MiniSplit, HasAsManySpoofsAsBonaFideUtterances) {
  const std::map<std::string_view, size_t> expected = {
      {"train", 1120}, {"dev", 240}, {"eval", 480}, {"eval-telephone", 400}};
  for (const std::string_view partition : mini_partitions()) {
    EXPECT_EQ(total(human_shares(), partition), expected.at(partition)) << partition;
    EXPECT_EQ(total(voice_shares(), partition) + total(copy_shares(), partition),
              expected.at(partition))
        << partition;
  }
}

TEST(MiniSplit, MakesAtLeastHalfOfTheTrainingSpoofsByCopySynthesis) {
  EXPECT_GE(total(copy_shares(), "train"), total(voice_shares(), "train"));
}

TEST(MiniSplit, NamesOnlySystemsThatExist) {
  for (const Share& share : copy_shares()) {
    EXPECT_EQ(find_copy_system(share.source).id, share.source);
  }
}

TEST(Scaled, RoundsAndKeepsOne) {
  EXPECT_EQ(scaled({"train", "x", 240}, 1), 240u);
  EXPECT_EQ(scaled({"train", "x", 54}, 0.25), 14u);
  EXPECT_EQ(scaled({"train", "x", 12}, 0.001), 1u);
}

}  // namespace
}  // namespace bonafide
