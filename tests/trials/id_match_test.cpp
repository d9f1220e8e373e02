#include "trials/id_match.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <string>

#include "base/random.h"

namespace bonafide {
namespace {

IdPrints prints_of(const std::vector<std::string>& texts) {
  TrialIds ids;
  ids.utterances.assign(texts.begin(), texts.end());
  return IdPrints(ids);
}

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
  const IdPrints left = prints_of(numbered(order));
  const IdPrints right = prints_of(numbered(ascending));

  const IdMatch match = match_ids(left, right);

  EXPECT_EQ(match.right_row, order);
  EXPECT_TRUE(match.right_alone.empty());
  EXPECT_TRUE(match.left_repeated.empty());
  EXPECT_TRUE(match.right_repeated.empty());
}

TEST(IdMatch, FindsAFewIdsAmongMany) {
  const auto order = shuffled(100000);
  std::vector<uint32_t> rows(order.size(), kNoRow);
  rows[4711] = 0;
  rows[815] = 1;
  const IdPrints few = prints_of(numbered(std::array{order[4711], order[815]}));

  EXPECT_EQ(match_ids(prints_of(numbered(order)), few).right_row, rows);
  EXPECT_EQ(match_ids(few, prints_of(numbered(order))).right_row,
            (std::vector<uint32_t>{4711, 815}));
}

TEST(IdMatch, TakesMoreIdsThanExpected) {
  const auto order = shuffled(30000);
  const std::vector<std::string> texts = numbered(order);
  for (const size_t expected : {size_t{0}, size_t{20000}}) {
    IdPrints left(expected);
    for (const std::string& text : texts) left.add({text, ""});

    std::vector<uint32_t> rows(texts.size());
    std::iota(rows.begin(), rows.end(), 0u);
    EXPECT_EQ(left.size(), texts.size());
    EXPECT_EQ(match_ids(left, prints_of(texts)).right_row, rows) << expected;
  }
}

TEST(IdMatch, NamesRowsThatOnlyOneSideHas) {
  const IdPrints left = prints_of({"a", "b", "c"});
  const IdPrints right = prints_of({"d", "c", "a", "e"});

  const IdMatch match = match_ids(left, right);

  EXPECT_EQ(match.right_row, (std::vector<uint32_t>{2, kNoRow, 1}));
  EXPECT_EQ(match.right_alone, (std::vector<uint32_t>{0, 3}));
}

TEST(IdMatch, NamesRowsThatRepeatAnEarlierOne) {
  const IdPrints left = prints_of({"a", "b", "a", "a"});
  const IdPrints right = prints_of({"b", "x", "a", "b", "x"});

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
  const IdPrints left = prints_of(texts);
  std::reverse(texts.begin(), texts.end());
  std::reverse(rows.begin(), rows.end());
  const IdPrints right = prints_of(texts);

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

  EXPECT_TRUE(repeated_ids(prints_of(texts)).empty());
}

TEST(IdMatch, TellsAnEmptyUtteranceFromAnEmptyClaim) {
  const IdPrints left(TrialIds{{"", "u", "u"}, {"u", "", "u"}});
  const IdPrints right(TrialIds{{"u", "u", ""}, {"u", "", "u"}});

  EXPECT_EQ(match_ids(left, right).right_row, (std::vector<uint32_t>{2, 1, 0}));
}

TEST(IdMatch, ComparesClaimAndUtteranceEachOnItsOwn) {
  const IdPrints left(TrialIds{{"u1", "u1", "u12"}, {"2s", "s", "s"}});
  const IdPrints right(TrialIds{{"u12", "u1", "u1"}, {"s", "s", "2s"}});

  EXPECT_EQ(match_ids(left, right).right_row, (std::vector<uint32_t>{2, 1, 0}));
}

TEST(RepeatedIds, CountsAnIdWithItsClaim) {
  EXPECT_TRUE(repeated_ids(IdPrints(TrialIds{{"u", "u"}, {"a", "b"}})).empty());
  EXPECT_EQ(repeated_ids(IdPrints(TrialIds{{"u", "v", "u"}, {"a", "a", "a"}})),
            (std::vector<uint32_t>{2}));
}

TEST(RepeatedIds, FindsOneAmongMany) {
  auto numbers = shuffled(200000);
  numbers.push_back(numbers[4711]);
  const IdPrints ids = prints_of(numbered(numbers));

  EXPECT_EQ(repeated_ids(ids), (std::vector<uint32_t>{200000}));
}

}  // namespace
}  // namespace bonafide
