#include "checkpoint/pickle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "error_text.h"

namespace bonafide {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

Pickle read(const std::string& bytes) { return {std::as_bytes(std::span(bytes)), "x.pt"}; }

std::string refusal(const std::string& bytes) {
  return error_text([&] { read(bytes); });
}

// A little-endian number of four bytes.
std::string u32(uint32_t value) { return {reinterpret_cast<const char*>(&value), sizeof(value)}; }

TEST(Pickle, ReadsNumbersOfAllSizes) {
  const std::string bytes = "\x80\x02](K\x07M\x01\x02J\xFF\xFF\xFF\xFF\x8a\x01\xFE\x8a\x00"s +
                            "G\x3F\xF8\x00\x00\x00\x00\x00\x00\x88Ne."s;

  const Pickle pickle = read(bytes);

  const PickleValue& list = pickle.root();
  ASSERT_EQ(list.items.size(), 8U);
  EXPECT_EQ(pickle.item(list, 0)->integer, 7);
  EXPECT_EQ(pickle.item(list, 1)->integer, 513);
  EXPECT_EQ(pickle.item(list, 2)->integer, -1);
  EXPECT_EQ(pickle.item(list, 3)->integer, -2);
  EXPECT_EQ(pickle.item(list, 4)->integer, 0);
  EXPECT_EQ(pickle.item(list, 5)->real, 1.5);
  EXPECT_EQ(pickle.item(list, 6)->kind, PickleKind::kBoolean);
  EXPECT_EQ(pickle.item(list, 7)->kind, PickleKind::kNone);
}

TEST(Pickle, KeepsTheBytesOfAnIntegerBeyond64Bits) {
  const std::string bytes = "\x8a\x09\x01\x02\x03\x04\x05\x06\x07\x08\x09."s;

  const Pickle pickle = read(bytes);

  EXPECT_EQ(pickle.root().kind, PickleKind::kBigInteger);
  EXPECT_EQ(pickle.root().text.size(), 9U);
}

TEST(Pickle, ReadsADictionary) {
  const std::string bytes = "}(X\1\0\0\0aK\1\x8c\1zK\2u."s;

  const Pickle pickle = read(bytes);

  EXPECT_EQ(pickle.entry(pickle.root(), "a")->integer, 1);
  EXPECT_EQ(pickle.entry(pickle.root(), "z")->integer, 2);
  EXPECT_EQ(pickle.entry(pickle.root(), "c"), nullptr);
}

TEST(Pickle, ReadsTheOrderedDictionaryOfPython2) {
  const std::string bytes = "ccollections\nOrderedDict\n]](U\1zK\1ea\x85R."s;

  const Pickle pickle = read(bytes);

  EXPECT_EQ(pickle.entry(pickle.root(), "z")->integer, 1);
}

TEST(Pickle, RecordsACallInsteadOfMakingIt) {
  const std::string bytes = "cos\nsystem\nU\2ls\x85R."s;

  const Pickle pickle = read(bytes);

  EXPECT_EQ(pickle.root().kind, PickleKind::kObject);
  EXPECT_TRUE(pickle[pickle.root().callable].is_global("os", "system"));
  EXPECT_EQ(pickle.item(pickle[pickle.root().arguments], 0)->text, "ls");
}

TEST(Pickle, RecordsAPersistentId) {
  const std::string bytes = "U\x03keyQ."s;

  const Pickle pickle = read(bytes);

  EXPECT_EQ(pickle.root().kind, PickleKind::kPersistent);
  EXPECT_EQ(pickle[pickle.root().arguments].text, "key");
}

TEST(Pickle, RemembersWhatWasMemorised) {
  const std::string bytes = "U\1xq\5\x30h\5."s;

  EXPECT_EQ(read(bytes).root().text, "x");
}

TEST(Pickle, MayHoldAListThatContainsItself) {
  const std::string bytes = "]q\1h\1a."s;

  const Pickle pickle = read(bytes);

  EXPECT_EQ(pickle.item(pickle.root(), 0), &pickle.root());
}

TEST(Pickle, SaysWhereItEnds) { EXPECT_EQ(read("K\x01.rest"s).size(), 3U); }

TEST(Pickle, HoldsDeeplyNestedValuesWithoutRecursion) {
  std::string bytes(500000, ']');
  bytes += std::string(499999, 'a') + ".";

  EXPECT_EQ(read(bytes).root().items.size(), 1U);
}

struct Broken {
  std::string fault;
  std::string bytes;
  std::string says;
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.fault; }

class BrokenPickles : public testing::TestWithParam<Broken> {};

TEST_P(BrokenPickles, AreRefusedWithAReason) {
  EXPECT_THAT(refusal(GetParam().bytes), HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Each, BrokenPickles,
    testing::Values(Broken{"Nothing", "", "x.pt: byte 0 of its pickle: the file is cut off"},
                    Broken{"NoStop", "N", "byte 1 of its pickle: the file is cut off"},
                    Broken{"LongText", "X\xFF\xFF\xFF\xFF.", "cut off"},
                    Broken{"VeryLongText", "\x8d\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF.", "cut off"},
                    Broken{"OpenLine", "cos", "cut off"}, Broken{"EmptyStack", ".", "empty stack"},
                    Broken{"TupleOfNothing", "\x86.", "empty stack"},
                    Broken{"TakesBelowTheMark", "N(\x85.", "empty stack"},
                    Broken{"NoMark", "t.", "mark that is not there"},
                    Broken{"NoMemo", "h\x01.", "nothing was memorised as 1"},
                    Broken{"AppendToText", "U\x01xNa.", "not a list"},
                    Broken{"SetItemOfList", "]NNs.", "not a dictionary"},
                    Broken{"OddItems", "}(Nu.", "key without a value"},
                    Broken{"NumberAsClass", "K\x01K\x02\x93.", "not a text"},
                    Broken{"Protocol9", "\x80\x09.", "protocol 9 is not read"},
                    Broken{"TextOpcode", "I7\n.", "opcode 0x49 is not read"}));

TEST(Pickle, RefusesMoreValuesThanItsBound) {
  EXPECT_THAT(refusal(std::string((size_t{1} << 21) + 1, ']')), HasSubstr("more than 2097152"));
}

TEST(Pickle, RefusesToCopyOneListIntoManyDictionaries) {
  std::string bytes = "](";
  for (int i = 0; i < 5000; ++i) bytes += "NN\x86";
  bytes += "eq\x01" + "0ccollections\nOrderedDict\nq\x02"s;
  for (int i = 0; i < 5000; ++i) bytes += "0h\x02h\x01\x85R";

  EXPECT_THAT(refusal(bytes + "."), HasSubstr("more than 2097152"));
}

TEST(Pickle, ReadsLongMemoIndices) {
  const std::string bytes = "U\x01xr" + u32(4000000000) + "0j" + u32(4000000000) + ".";

  EXPECT_EQ(read(bytes).root().text, "x");
}

}  // namespace
}  // namespace bonafide
