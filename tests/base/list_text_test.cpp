#include "base/list_text.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

using namespace std::string_literals;

std::string utf16(std::u16string_view text, bool big) {
  std::string bytes;
  for (const char16_t c : text) {
    const char low = static_cast<char>(c & 0xFF), high = static_cast<char>(c >> 8);
    bytes += big ? high : low;
    bytes += big ? low : high;
  }
  return bytes;
}

TEST(ListText, ReadsUtf16OfEitherOrderWithAndWithoutItsMark) {
  for (const bool big : {false, true}) {
    EXPECT_EQ(list_text(utf16(u"\uFEFFgrö\U0001F600.wav\r\nb\n", big), "l"), "grö😀.wav\r\nb\n");
    EXPECT_EQ(list_text(utf16(u"größe.wav\r\nb.wav", big), "l"), "größe.wav\r\nb.wav");
    EXPECT_EQ(path_list(utf16(u"größe.wav", big), "l").text, "größe.wav");
  }
}

TEST(ListText, DropsTheMarkOfUtf8AndKeepsBytesThatAreNone) {
  EXPECT_EQ(list_text("\xEF\xBB\xBF"
                      "a\xFF\n",
                      "l"),
            "a\xFF\n");
}

TEST(ListText, ReadsTheLineEndsOfAnOldMac) {
  EXPECT_EQ(list_text("a\rb\r", "l"), "a\nb\n");
  EXPECT_EQ(list_text("a\r\nb\rc\n", "l"), "a\r\nb\rc\n");
}

TEST(ListText, NamesTheLineOfANulByteAndOfBrokenUtf16) {
  const auto complaint = [](const std::string& text) {
    return error_text<UsageError>([&] { list_text(text, "l.csv"); });
  };
  EXPECT_EQ(complaint("path,label\nab\0c.wav,spoof\n"s),
            "l.csv: line 2: a NUL byte, which no text has (is it a list?)");
  EXPECT_EQ(complaint(utf16(u"\uFEFFab\n\xD800z", false)),
            "l.csv: line 2: broken UTF-16 (half of a pair)");
  EXPECT_EQ(complaint(utf16(u"\uFEFFab\n", true) + "x"),
            "l.csv: line 2: broken UTF-16 (half of a character at the end)");
  EXPECT_EQ(complaint("\xFF\xFE\0\0a\0\0\0"s),
            "l.csv: UTF-32 text; UTF-8 and UTF-16 are read here");
}

TEST(PathList, HasNulsBetweenNamesOnlyWhereItHasNoLineEnd) {
  const auto list = path_list("a b\0c\0"s, "l");
  EXPECT_EQ(list.separator, '\0');
  EXPECT_EQ(list.text, "a b\0c\0"s);
  EXPECT_EQ(error_text<UsageError>([&] { path_list("a.wav\nb\0c.wav\nd.wav\n"s, "l"); }),
            "l: line 2: a NUL byte, which no text has (is it a list?)");
}

TEST(IsPlainList, KnowsWhatIsGivenAsItStands) {
  EXPECT_TRUE(is_plain_list("a,b\r\nc,d\r\n"));
  EXPECT_TRUE(is_plain_list("a"));
  EXPECT_FALSE(is_plain_list("a\rb"));
  EXPECT_FALSE(is_plain_list("a\0\n"s));
  EXPECT_FALSE(is_plain_list(utf16(u"\uFEFFa\n", true)));
}

}  // namespace
TEST(ListText, NamesTheKindOfFileThatIsNoList) {
  const auto said = [](std::string bytes) {
    return error_text<UsageError>([&] { list_text(bytes, "l.csv"); });
  };
  EXPECT_EQ(said("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"),
            "l.csv: looks like a Git LFS pointer, not a list; fetch the file itself with `git lfs "
            "pull`");
  EXPECT_EQ(
      said("<!DOCTYPE html>\n<html></html>\n"),
      "l.csv: looks like a saved web page, not a list; download the file itself, not the page "
      "that offers it");
  EXPECT_EQ(said("PK\x03\x04\x14"), "l.csv: looks like a zip archive, not a list; unpack it first");
  EXPECT_EQ(error_text<UsageError>([] { path_list(std::string(99, '\0'), "l"); }),
            "l: looks like an unfinished download (it begins with nothing but zeros), not a list; "
            "download the file again");
}

TEST(ListText, KeepsListsThatBeginAsAnotherFileWould) {
  for (const std::string text : {"ID3.wav\n", "FORM1 spoof\n", "{\"message\": \"hi\"}\n"}) {
    EXPECT_EQ(list_text(text, "l"), text);
  }
  EXPECT_EQ(path_list("RIFF.wav\0b.wav\0"s, "l").separator, '\0');
}

}  // namespace bonafide
