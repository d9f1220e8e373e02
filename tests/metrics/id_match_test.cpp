#include "metrics/id_match.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <string>

#include "base/random.h"

namespace bonafide {
namespace {

// Ids that live as long as this.
class OwnedIds {
 public:
  explicit OwnedIds(std::vector<std::string> texts) : texts_(std::move(texts)) {
    ids_.utterances.assign(texts_.begin(), texts_.end());
  }
  OwnedIds(const OwnedIds&) = delete;
  OwnedIds& operator=(const OwnedIds&) = delete;

  operator const TrialIds&() const { return ids_; }

 private:
  std::vector<std::string> texts_;
  TrialIds ids_;
};

std::vector<std::string> numbered(std::span<const uint32_t> numbers) {
  std::vector<std::string> texts;
  for (const uint32_t number : numbers) texts.push_back(fmt::format("E_{:010}", number));
  return texts;
}

std::vector<uint32_t> shuffled(uint32_t count) {
  std::vector<uint32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0u);
  Random random(7);
  random.shuffle(std::span(numbers));
  return numbers;
}

TEST(IdMatch, FindsTheRowsOfManyIdsInAnyOrder) {
  constexpr uint32_t kIds = 300000;  // several parts and threads
  const auto order = shuffled(kIds);
  std::vector<uint32_t> ascending(kIds);
  std::iota(ascending.begin(), ascending.end(), 0u);
  const OwnedIds left(numbered(order));
  const OwnedIds right(numbered(ascending));

  const IdMatch match = match_ids(left, right);

  EXPECT_EQ(match.right_row, order);
  EXPECT_TRUE(match.right_alone.empty());
  EXPECT_TRUE(match.left_repeated.empty());
  EXPECT_TRUE(match.right_repeated.empty());
}

TEST(IdMatch, NamesRowsThatOnlyOneSideHas) {
  const OwnedIds left({"a", "b", "c"});
  const OwnedIds right({"d", "c", "a", "e"});

  const IdMatch match = match_ids(left, right);

  EXPECT_EQ(match.right_row, (std::vector<uint32_t>{2, kNoRow, 1}));
  EXPECT_EQ(match.right_alone, (std::vector<uint32_t>{0, 3}));
}

TEST(IdMatch, NamesRowsThatRepeatAnEarlierOne) {
  const OwnedIds left({"a", "b", "a", "a"});
  const OwnedIds right({"b", "x", "a", "b", "x"});

  const IdMatch match = match_ids(left, right);

  EXPECT_EQ(match.left_repeated, (std::vector<uint32_t>{2, 3}));
  EXPECT_EQ(match.right_repeated, (std::vector<uint32_t>{3, 4}));
  EXPECT_EQ(match.right_row, (std::vector<uint32_t>{2, 0, 2, 2}));
  EXPECT_EQ(match.right_alone, (std::vector<uint32_t>{1, 4}));
}

TEST(IdMatch, TellsIdsApartWhereverTheyDiffer) {
  // Each length, and each place of one other letter.
  std::vector<std::string> texts;
  for (size_t length = 0; length < 40; ++length) {
    texts.emplace_back(length, 'u');
    for (size_t at = 0; at < length; ++at) {
      texts.emplace_back(length, 'u');
      texts.back()[at] = 'v';
    }
  }
  std::vector<uint32_t> rows(texts.size());
  std::iota(rows.begin(), rows.end(), 0u);
  const OwnedIds left(texts);
  std::reverse(texts.begin(), texts.end());
  std::reverse(rows.begin(), rows.end());
  const OwnedIds right(texts);

  EXPECT_EQ(match_ids(left, right).right_row, rows);
  EXPECT_TRUE(repeated_ids(left).empty());
}

// A hash that mixes badly meets itself where two words of an id change together, whatever its seed.
TEST(IdMatch, TellsIdsApartThatDifferInSeveralPlaces) {
  constexpr char kLetters = 32;
  std::vector<std::string> texts;
  for (char a = 0; a < kLetters; ++a) {
    for (char b = 0; b < kLetters; ++b) {
      for (char c = 0; c < kLetters; ++c) {
        for (char d = 0; d < kLetters; ++d) {
          texts.push_back("E_0000__00__");
          texts.back()[6] = static_cast<char>('@' + a);
          texts.back()[7] = static_cast<char>('@' + b);
          texts.back()[10] = static_cast<char>('@' + c);
          texts.back()[11] = static_cast<char>('@' + d);
        }
      }
    }
  }

  EXPECT_TRUE(repeated_ids(OwnedIds(texts)).empty());
}

TEST(IdMatch, TellsAnEmptyUtteranceFromAnEmptyClaim) {
  const TrialIds left{{"", "u", "u"}, {"u", "", "u"}};
  const TrialIds right{{"u", "u", ""}, {"u", "", "u"}};

  EXPECT_EQ(match_ids(left, right).right_row, (std::vector<uint32_t>{2, 1, 0}));
}

TEST(IdMatch, ComparesClaimAndUtteranceEachOnItsOwn) {
  const TrialIds left{{"u1", "u1", "u12"}, {"2s", "s", "s"}};
  const TrialIds right{{"u12", "u1", "u1"}, {"s", "s", "2s"}};

  EXPECT_EQ(match_ids(left, right).right_row, (std::vector<uint32_t>{2, 1, 0}));
}

TEST(RepeatedIds, CountsAnIdWithItsClaim) {
  EXPECT_TRUE(repeated_ids({{"u", "u"}, {"a", "b"}}).empty());
  EXPECT_EQ(repeated_ids({{"u", "v", "u"}, {"a", "a", "a"}}), (std::vector<uint32_t>{2}));
}

TEST(RepeatedIds, FindsOneAmongMany) {
  auto numbers = shuffled(200000);
  numbers.push_back(numbers[4711]);
  const OwnedIds ids(numbered(numbers));

  EXPECT_EQ(repeated_ids(ids), (std::vector<uint32_t>{200000}));
}

}  // namespace
}  // namespace bonafide
