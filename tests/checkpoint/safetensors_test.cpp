#include "checkpoint/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "base/file.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

using testing::HasSubstr;

// The bytes of a file with this header and so many zero bytes of data.
std::string bytes_of(const std::string& header, size_t data) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(data, '\0');
}

TensorFile read(const std::string& bytes) {
  return read_safetensors(std::as_bytes(std::span(bytes)), "x.safetensors");
}

std::string refusal(const std::string& bytes) {
  return error_text([&] { read(bytes); });
}

TensorFile small_file() {
  const std::array<float, 3> odd = {1.5F, -2, 3};
  const std::array<int64_t, 1> count = {-7};
  TensorFile file;
  file.tensors.emplace_back("z.weight", Tensor::from(odd, {3, 1}));
  file.tensors.emplace_back("a.\"quoted\"", Tensor::from(count, {}));
  file.metadata["who"] = "bona fide \xC3\xA9";
  return file;
}

TEST(Safetensors, ReadsBackWhatWasWrittenInTheSameOrder) {
  const Scratch directory;

  write_safetensors(directory / "x.safetensors", small_file());
  const TensorFile file = read_safetensors(directory / "x.safetensors");

  ASSERT_EQ(file.tensors.size(), 2U);
  EXPECT_EQ(file.tensors[0].first, "z.weight");
  EXPECT_EQ(file.tensors[0].second.shape, (std::vector<int64_t>{3, 1}));
  EXPECT_EQ(file.tensors[0].second.to_doubles(), (std::vector<double>{1.5, -2, 3}));
  EXPECT_EQ(file.find("a.\"quoted\"")->to_doubles(), std::vector<double>{-7});
  EXPECT_EQ(file.metadata, small_file().metadata);
}

TEST(Safetensors, AreTheSameInMemoryAsInAFile) {
  const Scratch directory;
  write_safetensors(directory / "x.safetensors", small_file());
  const MappedFile mapped(directory / "x.safetensors");

  const auto bytes = safetensors_bytes(small_file());

  EXPECT_TRUE(std::ranges::equal(bytes, mapped.bytes()));
}

TEST(Safetensors, SaysThatItsHeaderWasNeverWritten) {
  for (const char length : {'\0', '<'}) {
    std::string bytes(1000, '\0');
    bytes[0] = length;
    if (length == 0) bytes[900] = 1;
    EXPECT_THAT(error_text([&] { read_safetensors(std::as_bytes(std::span(bytes)), "x"); }),
                AllOf(HasSubstr("x: "), HasSubstr("download"), HasSubstr("again")));
  }
}

TEST(Safetensors, AlignsDataToTheSizeOfItsElements) {
  const Scratch directory;

  write_safetensors(directory / "x.safetensors", small_file());
  const MappedFile mapped(directory / "x.safetensors");
  const TensorFile file = read_safetensors(mapped.bytes(), "x");

  EXPECT_EQ((file.find("a.\"quoted\"")->bytes.data() - mapped.bytes().data()) % 8, 0);
  EXPECT_EQ((file.find("z.weight")->bytes.data() - mapped.bytes().data()) % 4, 0);
}

TEST(Safetensors, KeepsTheMappedFileOpenAsLongAsATensorLives) {
  const Scratch directory;
  write_safetensors(directory / "x.safetensors", small_file());

  const Tensor tensor = *read_safetensors(directory / "x.safetensors").find("z.weight");

  EXPECT_EQ(tensor.to_doubles()[0], 1.5);
}

TEST(Safetensors, SayWhenTheirFileShrinksWhileTheyAreRead) {
  Scratch folder;
  const auto path = folder / "x.safetensors";
  const std::vector<float> many(size_t{1} << 20, 1.0F);
  TensorFile large;
  large.tensors.emplace_back("w", Tensor::from(many, {1 << 20}));
  write_safetensors(path, large);

  const TensorFile file = read_safetensors(path);
  EXPECT_NO_THROW(file.expect_unchanged());
  std::filesystem::resize_file(path, 1 << 16);

  EXPECT_EQ(file.tensors[0].second.to_doubles().back(), 0);
  EXPECT_THAT(error_text([&] { file.expect_unchanged(); }), HasSubstr("x.safetensors: changed"));
}

TEST(Safetensors, RefusesToWriteANameTwice) {
  const Scratch directory;
  TensorFile file = small_file();
  file.tensors.push_back(file.tensors.front());

  EXPECT_THAT(error_text([&] { write_safetensors(directory / "x", file); }),
              HasSubstr("both be called \"z.weight\""));
}

TEST(Safetensors, RefusesToWriteANameThatIsNotUtf8) {
  const Scratch directory;
  TensorFile file = small_file();
  file.tensors.front().first = "\xFF";

  EXPECT_THAT(error_text([&] { write_safetensors(directory / "x", file); }), HasSubstr("UTF-8"));
}

TEST(Safetensors, ReadsAFileWithoutTensors) {
  EXPECT_TRUE(read(bytes_of("{}", 0)).tensors.empty());
}

TEST(Safetensors, ReadsEmptyTensors) {
  const TensorFile file =
      read(bytes_of(R"({"b":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},)"
                    R"("a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}})",
                    2));

  EXPECT_EQ(file.find("b")->elements(), 0);
  EXPECT_EQ(file.find("a")->elements(), 2);
}

TEST(Safetensors, NamesTheFileThatItRefuses) {
  EXPECT_THAT(refusal("short"), testing::StartsWith("x.safetensors: "));
}

struct Broken {
  std::string fault;
  std::string header;
  size_t data;
  std::string says;
};

void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.fault; }

class BrokenSafetensors : public testing::TestWithParam<Broken> {};

TEST_P(BrokenSafetensors, AreRefusedWithAReason) {
  EXPECT_THAT(refusal(bytes_of(GetParam().header, GetParam().data)), HasSubstr(GetParam().says));
}

std::string entry(const std::string& name, const std::string& fields) {
  return "\"" + name + "\":{" + fields + "}";
}

// A float32 tensor.
std::string f32(const std::string& name, const std::string& shape, const std::string& offsets) {
  return entry(name, R"("dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets);
}

INSTANTIATE_TEST_SUITE_P(
    Each, BrokenSafetensors,
    testing::Values(
        Broken{"OpenBrace", "{", 0, "not valid JSON"}, Broken{"List", "[]", 0, "not a JSON object"},
        Broken{"Number", "7", 0, "not a JSON object"},
        Broken{"NumberAsEntry", R"({"a":7})", 0, "not a JSON object"},
        Broken{"ListAsEntry", R"({"a":[]})", 0, "not a JSON object"},
        Broken{"ListInShape", R"({"a":{"shape":[[1]]}})", 0, "nested too deeply"},
        Broken{"NumberInMetadata", R"({"__metadata__":{"a":1}})", 0, "\"a\" is not a string"},
        Broken{"NoType", "{" + entry("a", R"("shape":[])") + "}", 0, "no dtype"},
        Broken{"OtherType", "{" + entry("a", R"("dtype":"F8_E4M3")") + "}", 0, "dtype F8_E4M3"},
        Broken{"NoShape", "{" + entry("a", R"("dtype":"F32")") + "}", 0, "no shape"},
        Broken{"NegativeSize", "{" + f32("a", "[-1]", "[0,4]") + "}", 4, "not a list of whole"},
        Broken{"TooManyBytes", "{" + f32("a", "[1]", "[0,8]") + "}", 8, "do not fit its shape"},
        Broken{"BeyondTheEnd", "{" + f32("a", "[1]", "[4,8]") + "}", 4, "outside the 4 bytes"},
        Broken{"Backwards", "{" + f32("a", "[1]", "[4,0]") + "}", 4, "outside the 4 bytes"},
        Broken{"Surplus", "{" + f32("a", "[1]", "[0,4]") + "}", 5, "1 bytes of data belong to no"},
        Broken{"Hole", "{" + f32("a", "[1]", "[4,8]") + "}", 8, "leave a hole at byte 0"},
        Broken{"Overlap", "{" + f32("a", "[2]", "[0,8]") + "," + f32("b", "[1]", "[4,8]") + "}", 8,
               "overlap at byte 8"},
        Broken{"SameName", "{" + f32("a", "[1]", "[0,4]") + "," + f32("a", "[1]", "[4,8]") + "}", 8,
               "\"a\" stands twice"},
        Broken{"Overflow", "{" + f32("a", "[4294967296,4294967296]", "[0,0]") + "}", 0,
               "do not fit its shape"}));

TEST(Safetensors, RefusesAHeaderLongerThanTheFile) {
  std::string bytes = bytes_of("{}", 0);
  bytes[4] = '\x7F';

  EXPECT_THAT(refusal(bytes), HasSubstr("cut off"));
}

TEST(Safetensors, SaysWhatToDoWithWhatPyTorchSaves) {
  EXPECT_THAT(refusal(std::string("PK\x03\x04 and so on, at length")),
              HasSubstr("bonafide convert"));
}

TEST(Safetensors, RefusesDeepNestingWithoutRunningOutOfStack) {
  EXPECT_THAT(refusal(bytes_of(std::string(1000000, '['), 0)), HasSubstr("not a JSON object"));
  EXPECT_THAT(refusal(bytes_of("{\"a\":{\"b\":" + std::string(1000000, '['), 0)),
              HasSubstr("nested too deeply"));
}

}  // namespace
}  // namespace bonafide
