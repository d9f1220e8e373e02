#include "checkpoint/state_dict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "checkpoint/weight_choice.h"
#include "error_text.h"

namespace bonafide {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

// Values of eight bytes in all, which the storage "0" holds as two floats.
constexpr std::array<float, 2> kValues = {1.5F, -2};

WeightChoice choose(const std::string& object, size_t file_size = 1000) {
  const auto bytes = std::as_bytes(std::span(object));
  const auto stored = read_state_dicts(
      {Pickle(bytes, "x.pt"), {{"0", std::as_bytes(std::span(kValues))}}, file_size}, "x.pt");
  return choose_weights(stored, "", "x.pt");
}

TensorFile read(const std::string& object, size_t file_size = 1000) {
  return choose(object, file_size).file;
}

std::string refusal(const std::string& object, size_t file_size = 1000) {
  return error_text([&] { read(object, file_size); });
}

std::string text(const std::string& content) {
  return "U" + std::string(1, static_cast<char>(content.size())) + content;
}

// A tensor of storage `key`, which says to have so many elements.
std::string tensor(const std::string& key, int elements, const std::string& offset,
                   const std::string& shape, const std::string& strides) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" +
         text(key) + text("cpu") + "K" + std::string(1, static_cast<char>(elements)) + "tQ" +
         offset + shape + strides + "\x89}tR";
}

const std::string kTwo = "K\2\x85";  // the tuple (2,)
const std::string kOne = "K\1\x85";
const std::string kHuge = "\x8a\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\x85";
const std::string kZero = "K\0"s;

std::string dict_of(const std::string& value) { return "}" + text("w") + value + "s."; }

TEST(StateDict, PointsIntoTheStorage) {
  const TensorFile file = read(dict_of(tensor("0", 2, kZero, kTwo, kOne)));

  EXPECT_EQ(file.find("w")->to_doubles(), (std::vector<double>{1.5, -2}));
}

TEST(StateDict, IgnoresTheStrideOfADimensionOfSizeOne) {
  const TensorFile file = read(dict_of(tensor("0", 2, "K\1", kOne, kHuge)));

  EXPECT_EQ(file.find("w")->to_doubles(), std::vector<double>{-2});
}

TEST(StateDict, RefusesAViewThatLeavesItsStorage) {
  EXPECT_THAT(refusal(dict_of(tensor("0", 2, "K\1", kTwo, kOne))), HasSubstr("not inside"));
  EXPECT_THAT(refusal(dict_of(tensor("0", 2, kZero, kTwo, kTwo))), HasSubstr("not inside"));
  EXPECT_THAT(refusal(dict_of(tensor("0", 2, kZero, kTwo, kHuge))), HasSubstr("not inside"));
  EXPECT_THAT(refusal(dict_of(tensor("0", 2, kZero, kHuge, kHuge))), HasSubstr("not inside"));
}

TEST(StateDict, RefusesAStorageLargerThanItsData) {
  EXPECT_THAT(refusal(dict_of(tensor("0", 3, kZero, kTwo, kOne))),
              HasSubstr("a storage of 3 elements, but 8 bytes are there"));
}

TEST(StateDict, RefusesAMissingStorage) {
  EXPECT_THAT(refusal(dict_of(tensor("7", 2, kZero, kTwo, kOne))),
              HasSubstr("tensor \"w\" is kept in storage 7, which the file lacks"));
}

TEST(StateDict, RefusesTensorsThatExpandTheFile) {
  std::string object = "}" + tensor("0", 2, kZero, kTwo, kOne) + "q\1\x30";
  for (char name = 'a'; name <= 'q'; ++name) object += text({name}) + "h\1s";

  EXPECT_EQ(read(object + ".", /*file_size=*/9).tensors.size(), 17U);
  EXPECT_THAT(refusal(object + ".", /*file_size=*/8), HasSubstr("more than 16 times the file"));
}

TEST(StateDict, RefusesANameThatStandsTwice) {
  const std::string entry = text("w") + tensor("0", 2, kZero, kTwo, kOne) + "s";

  EXPECT_THAT(refusal("}" + entry + entry + "."), HasSubstr("\"w\" stands twice"));
}

// A module with no tensors and so many children, all the same.
std::string module(const std::string& child, int children) {
  std::string state = "}" + text("_parameters") + "}s" + text("_modules") + "}";
  for (int i = 0; i < children; ++i) state += text(std::to_string(i)) + child + "s";
  return "cx\nNet\n)R" + state + "sb";
}

TEST(StateDict, RefusesModulesThatHoldOneAnotherEndlessly) {
  std::string object = module("", 0);
  for (int depth = 0; depth < 40; ++depth) object += "q\1\x30" + module("h\1", 2);

  EXPECT_THAT(refusal(object + "."), HasSubstr("hold one another too often"));
}

TEST(StateDict, RefusesAModuleThatHoldsItself) {
  const std::string object = "cx\nNet\n)Rq\1}" + text("_parameters") + "}s" + text("_modules") +
                             "}" + text("a") + "h\1ssb.";

  EXPECT_THAT(refusal(object), HasSubstr("nested too deeply"));
}

std::vector<std::string> stored_names(const std::string& object) {
  const auto bytes = std::as_bytes(std::span(object));
  std::vector<std::string> names;
  for (const StoredTensor& tensor :
       read_state_dicts({Pickle(bytes, "x.pt"), {{"0", std::as_bytes(std::span(kValues))}}, 1000},
                        "x.pt")
           .tensors) {
    names.push_back(std::string(tensor.set_name()) + "|" + tensor.name.substr(tensor.set));
  }
  return names;
}

TEST(StateDict, FindsTensorsInDictionariesAndListsOfAnyDepth) {
  const std::string leaf = "}" + text("w") + tensor("0", 2, kZero, kTwo, kOne) + "s";
  const std::string list = "]" + tensor("0", 2, kZero, kTwo, kOne) + "a";
  const std::string numbered = "}K\7" + leaf + "s";

  EXPECT_EQ(stored_names("}" + text("a") + "}" + text("b") + leaf + "ss" + text("c") + list + "s" +
                         text("d") + numbered + "s."),
            (std::vector<std::string>{"a.b.|w", "c.|0", "d.7.|w"}));
}

// What a training keeps beside the weights may be of any kind.
TEST(StateDict, MindsATensorThatCannotBeReadOnlyWhereItIsTaken) {
  const std::string good = "}" + text("w") + tensor("0", 2, kZero, kTwo, kOne) + "s";
  const std::string bad = "}" + text("w") + tensor("7", 2, kZero, kTwo, kOne) + "s";

  EXPECT_EQ(read("}" + text("model") + good + "s" + text("ema") + bad + "s.").tensors.size(), 1U);
  EXPECT_THAT(refusal("}" + text("model") + bad + "s" + text("ema") + good + "s."),
              HasSubstr("storage 7, which the file lacks"));
}

TEST(StateDict, LeavesOutWhatIsNestedTooDeeplyBesideTheWeights) {
  const std::string tensor_two = tensor("0", 2, kZero, kTwo, kOne);
  const std::string good = "}" + text("w") + tensor_two + "s";
  std::string deep = tensor_two;
  for (int i = 0; i < 100; ++i) deep = "](" + deep + "e";

  const WeightChoice choice = choose("}" + text("log") + deep + "s" + text("model") + good + "s.");

  EXPECT_EQ(choice.file.tensors.size(), 1U);
  EXPECT_THAT(choice.note, HasSubstr("not looked into: \"log.0.0."));
  EXPECT_THAT(refusal(deep + "."), HasSubstr("nested too deeply"));
}

TEST(StateDict, MindsNamesThatAreTooLongOnlyWhereTheyAreTaken) {
  const std::string tensor_two = tensor("0", 2, kZero, kTwo, kOne);
  const std::string good = "}" + text("w") + tensor_two + "s";
  const std::string key = "X\xE8\x07\0\0"s + std::string(2024, 'k');
  const std::string bad = "}" + key + tensor_two + "s";

  EXPECT_EQ(read("}" + text("model") + good + "s" + key + tensor_two + "s.").tensors.size(), 1U);
  EXPECT_EQ(read("}" + text("model") + good + "s" + key + good + "s.").tensors.size(), 1U);
  EXPECT_EQ(read("}" + text("model") + good + "s" + text("ema") + bad + "s.").tensors.size(), 1U);
  EXPECT_THAT(refusal("}" + text("model") + bad + "s."), HasSubstr("too long a name"));
}

TEST(StateDict, MindsNamesThatMeetOnlyWhereTheyAreTaken) {
  const std::string leaf = "}" + text("w") + tensor("0", 2, kZero, kTwo, kOne) + "s";
  const std::string meeting = text("a.b") + leaf + "s" + text("a") + "}" + text("b") + leaf + "ss";

  EXPECT_EQ(read("}" + meeting + text("model") + leaf + "s.").tensors.size(), 1U);
  EXPECT_THAT(refusal("}" + meeting + "."), HasSubstr("\"a.b.w\" stands twice"));
}

TEST(StateDict, LooksOnceIntoObjectsThatHoldOneAnother) {
  const std::string leaf = "}" + text("w") + tensor("0", 2, kZero, kTwo, kOne) + "s";
  const std::string object =
      "cx\nTrainer\n)Rq\1}" + text("me") + "h\1s" + text("net") + leaf + "sb.";

  EXPECT_EQ(stored_names(object), std::vector<std::string>{"net.|w"});
}

}  // namespace
}  // namespace bonafide
