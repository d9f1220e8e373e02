#include "report/listening_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bonafide {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ListeningPage, PlaysBothOfEachPair) {
  const std::string page = listening_page({{"a", "originals/a.flac", "a.flac", "a.png"}});

  EXPECT_THAT(page, HasSubstr("src=\"originals/a.flac\""));
  EXPECT_THAT(page, HasSubstr("src=\"a.flac\""));
  EXPECT_THAT(page, HasSubstr("<img src=\"a.png\""));
}

TEST(ListeningPage, HasNoPictureWhereThereIsNone) {
  EXPECT_THAT(listening_page({{"a", "originals/a.flac", "a.flac", ""}}), Not(HasSubstr("<img")));
}

TEST(ListeningPage, EscapesWhateverAFileIsCalled) {
  const std::string name = "<b>\" onerror=\"x&#?\n";
  const std::string page = listening_page({{name, "originals/" + name, name, name}});

  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, Not(HasSubstr("onerror=\"")));
  EXPECT_THAT(page, HasSubstr("src=\"originals/%3Cb%3E%22%20onerror%3D%22x%26%23%3F%0A\""));
}

}  // namespace
}  // namespace bonafide
