#include "base/json_fault.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/json_value.h"

namespace bonafide {
namespace {

std::string fault(const std::function<void()>& read) {
  try {
    read();
  } catch (const Json::exception& e) {
    return json_fault(e);
  }
  return "";
}

TEST(JsonFault, NamesTheKeyThatIsMissing) {
  EXPECT_EQ(fault([] { (void)Json::object().at("outputs"); }), "no \"outputs\"");
}

TEST(JsonFault, SaysWhereTheTextIsWrongAndNothingOfTheLibrary) {
  const std::string text = fault([] { [[maybe_unused]] const Json none = Json::parse("{\n 1}"); });
  EXPECT_TRUE(text.starts_with("parse error at line 2, column 2")) << text;
  EXPECT_EQ(text.find("json.exception"), std::string::npos);
}

TEST(JsonFault, SaysWhichTypeWasWanted) {
  EXPECT_EQ(fault([] { (void)Json(1).get<std::string>(); }), "type must be string, but is number");
}

}  // namespace
}  // namespace bonafide
