#include "base/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace bonafide {
namespace {

using Fields = std::vector<std::string_view>;

TEST(Trim, TakesBlanksFromBothSidesOnly) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \t\n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Split, KeepsEmptyFields) {
  EXPECT_EQ(split("a,,b,", ','), (Fields{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), Fields{""});
}

TEST(SplitBlanks, TakesRunsOfBlanksAsOneSeparator) {
  EXPECT_EQ(split_blanks("  LA_0079\tLA_T_1 -  spoof\r\n"),
            (Fields{"LA_0079", "LA_T_1", "-", "spoof"}));
  EXPECT_TRUE(split_blanks(" \t ").empty());
}

TEST(Lower, ChangesAsciiLettersOnly) { EXPECT_EQ(lower("AbC-9\xC3\x84"), "abc-9\xC3\x84"); }

TEST(ParseDouble, ReadsTheNearestDouble) {
  EXPECT_EQ(parse_double("0.1"), 0.1);
  EXPECT_EQ(parse_double("+2.5e-3"), 2.5e-3);
  EXPECT_EQ(parse_double("-4.9406564584124654e-324"), -std::numeric_limits<double>::denorm_min());
}

TEST(ParseDouble, ReadsInfinityAndNan) {
  EXPECT_EQ(parse_double("-inf"), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(parse_double("nan").value()));
}

class NotANumber : public testing::TestWithParam<const char*> {};

TEST_P(NotANumber, IsNothing) {
  EXPECT_EQ(parse_double(GetParam()), std::nullopt);
  EXPECT_EQ(parse_integer(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Texts, NotANumber,
                         testing::Values("", "+", "-", " 1", "1 ", "1,5", "+-1", "-+1", "++1",
                                         "0x10", "one", "1e999"));

TEST(ParseInteger, RefusesFractionsAndOverflow) {
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(parse_integer("+7"), 7);
  EXPECT_EQ(parse_integer("9223372036854775808"), std::nullopt);
  EXPECT_EQ(parse_integer("1.0"), std::nullopt);
}

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(printable("d\xC3\xA9j\xC3\xA0 vu \xE2\x82\xAC \xF0\x9F\x8E\xA4"),
            "d\xC3\xA9j\xC3\xA0 vu \xE2\x82\xAC \xF0\x9F\x8E\xA4");
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(printable("a\nb\x1B[31m\t\x7F"), "a\\nb\\x1b[31m\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Printable, EscapesControlCharactersOfTheSecondPage) {
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\xc2\\x9b31m");
}

class BrokenUtf8 : public testing::TestWithParam<const char*> {};

TEST_P(BrokenUtf8, IsEscapedByteByByte) {
  const std::string text = GetParam();

  const std::string shown = printable(text);

  EXPECT_FALSE(is_utf8(text));
  EXPECT_EQ(shown.size(), 4 * text.size());
  EXPECT_EQ(shown.find_first_not_of("\\x0123456789abcdef"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Texts, BrokenUtf8,
                         testing::Values("\xFF", "\x80", "\xC3",  // never, alone, cut short
                                         "\xC0\xAF", "\xE0\x80\xAF",
                                         "\xF0\x80\x80\xAF",    // overlong
                                         "\xED\xA0\x80",        // half a surrogate pair
                                         "\xF4\x90\x80\x80"));  // past the last code point

TEST(Printable, CutsLongTextAtTheLimit) {
  EXPECT_EQ(printable("abcdef", 4), "abcd...");
  EXPECT_EQ(printable("abcd", 4), "abcd");
}

TEST(IsUtf8, AcceptsTheEdgesOfEveryLength) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(
      is_utf8("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"
              "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST(SomeOf, EndsInAnEllipsisOnlyWhereNamesAreLeft) {
  const std::vector<std::string> names = {"a", "b", "c"};
  EXPECT_EQ(some_of(names, 3), "a, b, c");
  EXPECT_EQ(some_of(names, 2), "a, b, ...");
  EXPECT_EQ(some_of({}, 2), "");
}

TEST(Nearest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(nearest("trian", {"score", "train", "metrics"}), "train");
  EXPECT_EQ(nearest("epoch", {"epochs", "batch_size"}), "epochs");
}

TEST(Nearest, FindsNothingFarAway) {
  EXPECT_EQ(nearest("zebra", {"score", "train"}), std::nullopt);
  EXPECT_EQ(nearest("anything", {}), std::nullopt);
}

TEST(Nearest, DoesNotReplaceEveryLetterOfAShortWord) {
  EXPECT_EQ(nearest("x", {"lr", "a"}), std::nullopt);
  EXPECT_EQ(nearest("", {"lr"}), std::nullopt);
}

}  // namespace
}  // namespace bonafide
