#include "trials/text_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bonafide {

namespace {

using Row = std::vector<std::string_view>;

TEST(TextTable, BlanksAroundSeparatorsBelongToNoField) {
  for (const std::string text :
       {"a\tspoof  \n", "a \tspoof\n", "a\tspoof\t\n", "a spoof\t\n", "a , spoof \r\n"}) {
    TextTable table(text, "key");
    Row row;
    ASSERT_TRUE(table.next(row));
    EXPECT_EQ(row, (Row{"a", "spoof"})) << text;
  }
}

TEST(TextTable, KeepsAnEmptyLastFieldOfANamedColumn) {
  TextTable table("id\tlabel\tattack\na\tbonafide\t\n", "key");
  Row row;
  ASSERT_TRUE(table.next(row) && table.next(row));
  EXPECT_EQ(row, (Row{"a", "bonafide", ""}));
}

}  // namespace

}  // namespace bonafide
