#include "base/csv.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

using Record = std::vector<std::string>;

std::vector<Record> read_all(std::string_view text, char separator = ',') {
  CsvReader reader(text, "x.csv", separator);
  std::vector<Record> records;
  while (auto record = reader.next()) records.push_back(*record);
  return records;
}

TEST(CsvLine, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_line({"a b", "c,d", "say \"x\"", "two\nlines", ""}),
            "a b,\"c,d\",\"say \"\"x\"\"\",\"two\nlines\",\n");
}

TEST(CsvLine, IsReadBackAsItWas) {
  const Record record = {"", "\"", ",", "\r\n", "plain", " blanks "};

  EXPECT_EQ(read_all(csv_line(record)), std::vector<Record>{record});
}

TEST(CsvLine, OfOneEmptyFieldIsNotABlankLine) {
  EXPECT_EQ(read_all(csv_line({""})), std::vector<Record>{Record{""}});
}

TEST(CsvReader, ReadsEveryKindOfLineEnd) {
  const std::vector<Record> want = {{"a", "b"}, {"c", "d"}};

  EXPECT_EQ(read_all("a,b\r\nc,d\r\n"), want);
  EXPECT_EQ(read_all("a,b\nc,d"), want);
  EXPECT_EQ(read_all("\n\na,b\n\r\n\nc,d\r"), want);
}

TEST(CsvReader, PassesOverAUtf8Mark) {
  EXPECT_EQ(read_all("\xEF\xBB\xBFpath,label\n"), std::vector<Record>({{"path", "label"}}));
}

TEST(CsvReader, TakesAnotherSeparator) {
  EXPECT_EQ(read_all("a,b\tc\n", '\t'), std::vector<Record>({{"a,b", "c"}}));
}

TEST(CsvReader, KeepsAQuoteInsideAField) {
  EXPECT_EQ(read_all("5\" disk,x\n"), std::vector<Record>({{"5\" disk", "x"}}));
}

TEST(CsvReader, GivesTheLineOnWhichARecordBegan) {
  CsvReader reader("a\n\n\"two\nlines\"\nlast\n", "x.csv");

  reader.next();
  EXPECT_EQ(reader.line(), 1U);
  reader.next();
  EXPECT_EQ(reader.line(), 3U);
  reader.next();
  EXPECT_EQ(reader.line(), 5U);
}

TEST(CsvReader, SaysWhereAQuoteNeverCloses) {
  CsvReader reader("a,b\nc,\"d\ne,f\n", "x.csv");
  reader.next();

  EXPECT_EQ(error_text<UsageError>([&] { reader.next(); }),
            "x.csv: line 2: a quote that never closes");
}

}  // namespace
}  // namespace bonafide
