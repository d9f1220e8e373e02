#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/safetensors.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path kData = fs::path(BONAFIDE_SOURCE_DIR) / "tests/checkpoint/data";

void expect_same(const TensorFile& got, const TensorFile& want) {
  ASSERT_EQ(got.tensors.size(), want.tensors.size());
  for (size_t i = 0; i < want.tensors.size(); ++i) {
    const auto& [name, tensor] = got.tensors[i];
    EXPECT_EQ(name, want.tensors[i].first);
    const Tensor& expected = want.tensors[i].second;
    EXPECT_EQ(name_of(tensor.dtype), name_of(expected.dtype)) << name;
    EXPECT_EQ(tensor.shape, expected.shape) << name;
    EXPECT_TRUE(std::ranges::equal(tensor.bytes, expected.bytes)) << name;
  }
}

class PyTorchCheckpoints : public testing::TestWithParam<std::string> {};

TEST_P(PyTorchCheckpoints, AreReadAsPyTorchReadsThem) {
  std::string expected = GetParam();
  if (const auto legacy = expected.find("_legacy"); legacy != std::string::npos) {
    expected.erase(legacy);
  }

  const TensorFile file = read_checkpoint(kData / "read" / (GetParam() + ".pt"));

  expect_same(file, read_safetensors(kData / "read" / (expected + ".expected.safetensors")));
}

INSTANTIATE_TEST_SUITE_P(Each, PyTorchCheckpoints,
                         testing::Values("every_dtype", "every_dtype_legacy", "views",
                                         "views_legacy", "state_dict", "state_dict_legacy",
                                         "parameters", "parameters_legacy", "training",
                                         "training_legacy", "protocol4", "protocol4_legacy",
                                         "whole_module"));

// The length of the header stands in front of it; 640 is 0x80 0x02, as a pickle of protocol 2
// begins.
TEST(ReadCheckpoint, TellsSafetensorsFromAPickleWhateverTheLengthOfTheHeader) {
  std::string header = R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  header.resize(640, ' ');
  std::string file = {'\x80', '\x02', 0, 0, 0, 0, 0, 0};
  file += header + std::string(4, '\0');

  const TensorFile read = read_checkpoint(std::as_bytes(std::span(file)), "x");

  ASSERT_EQ(read.tensors.size(), 1U);
  EXPECT_EQ(read.tensors[0].first, "w");
}

std::string refusal(const fs::path& path) {
  return error_text([&] { read_checkpoint(path); });
}

TEST(ReadCheckpoint, RefusesATensorThatExpandsItsStorage) {
  EXPECT_THAT(refusal(kData / "refused/expanded.pt"),
              AllOf(HasSubstr("expanded.pt: tensor \"w\" of shape [1000000000]"),
                    HasSubstr("storage of 1 elements, or expands it")));
}

TEST(ReadCheckpoint, RefusesKindsOfTensorsThatItDoesNotKnow) {
  EXPECT_THAT(refusal(kData / "refused/sparse.pt"), HasSubstr("_rebuild_sparse_tensor"));
  EXPECT_THAT(refusal(kData / "refused/quantised.pt"), HasSubstr("_rebuild_qtensor"));
  EXPECT_THAT(refusal(kData / "refused/complex.pt"), HasSubstr("ComplexFloatStorage"));
}

TEST(ReadCheckpoint, SaysWhatItFoundInsteadOfAStateDict) {
  EXPECT_THAT(refusal(kData / "refused/no_tensors.pt"),
              HasSubstr("has no state dict: no tensors under the keys epoch, optimizer"));
  EXPECT_THAT(refusal(kData / "refused/list.pt"), HasSubstr("expected a dictionary of tensors"));
  EXPECT_THAT(refusal(kData / "refused/torchscript.pt"),
              HasSubstr("is a TorchScript archive, a program and not a state dict"));
}

TEST(ReadCheckpoint, RefusesWhatIsNoCheckpoint) {
  EXPECT_THAT(refusal(kData / "make.py"), HasSubstr("make.py: looks like text, not a checkpoint"));
}

std::string refusal_of_bytes(const std::string& content) {
  return error_text([&] { read_checkpoint(std::as_bytes(std::span(content)), "x.pth"); });
}

TEST(ReadCheckpoint, SaysWhatAFileReallyIs) {
  using namespace std::string_literals;
  EXPECT_THAT(refusal_of_bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
              AllOf(HasSubstr("x.pth: looks like a Git LFS pointer"), HasSubstr("git lfs pull")));
  EXPECT_THAT(refusal_of_bytes("<!DOCTYPE html><html>"),
              AllOf(HasSubstr("a saved web page"), HasSubstr("download the file itself")));
  EXPECT_THAT(refusal_of_bytes(""), HasSubstr("an empty file"));
  EXPECT_THAT(refusal_of_bytes("\x08\x07\x12\x07pytorch\x1a"), HasSubstr("an ONNX model"));
  EXPECT_THAT(refusal_of_bytes("\x1c\0\0\0TFL3\x14\0"s), HasSubstr("a TensorFlow Lite model"));
  EXPECT_THAT(refusal_of_bytes("\x89HDF\r\n\x1a\n"), HasSubstr("as Keras writes"));
}

TEST(ReadCheckpoint, SaysThatAFileIsCutOffAndWhatToDo) {
  for (const char* name : {"training.pt", "training_legacy.pt", "training.expected.safetensors"}) {
    const std::string whole = read_text(kData / "read" / name);
    for (const size_t size : {whole.size() / 3, whole.size() - 40}) {
      EXPECT_THAT(refusal_of_bytes(whole.substr(0, size)),
                  AllOf(HasSubstr("cut off"), HasSubstr("download or copy")))
          << name << " " << size;
    }
  }
}

TEST(ReadCheckpoint, SaysWhatAFolderIsAndWhatToDo) {
  const Scratch scratch;
  const fs::path& folder = scratch.path();
  fs::create_directories(folder / "net/data");
  EXPECT_THAT(refusal(folder), HasSubstr("is a folder without weights of Hugging Face"));
  std::ofstream(folder / "consolidated.00.pth") << "x";
  EXPECT_THAT(refusal(folder),
              HasSubstr("name the file in it: " + (folder / "consolidated.00.pth").native()));
  std::ofstream(folder / "net/data.pkl") << "x";
  for (const fs::path& path : {folder, folder / "net", folder / "net/"}) {
    EXPECT_THAT(refusal(path), AllOf(HasSubstr("a PyTorch file that was unpacked"),
                                     HasSubstr("zip -0 -r"), HasSubstr("'net')")));
  }
}

TEST(ReadCheckpoint, ReadsSafetensorsToo) {
  EXPECT_EQ(read_checkpoint(kData / "read/views.expected.safetensors").tensors.size(), 8U);
}

// The material beside the repository, which is not part of it.
fs::path shared_material() {
  const char* elsewhere = std::getenv("BONAFIDE_SHARED");
  return elsewhere != nullptr ? fs::path(elsewhere) : fs::path(BONAFIDE_SOURCE_DIR) / "../shared";
}

class OfficialWeights : public testing::TestWithParam<std::string> {};

TEST_P(OfficialWeights, HaveAllTheirTensors) {
  const fs::path path = shared_material() / "weights" / GetParam();
  if (!fs::exists(path)) GTEST_SKIP() << "needs " << path << " (or name it by BONAFIDE_SHARED)";

  const TensorFile file = read_checkpoint(path);

  EXPECT_EQ(file.tensors.size(), 229U);
  EXPECT_EQ(std::ranges::count(file.tensors, DType::kI64,
                               [](const auto& named) { return named.second.dtype; }),
            18);
}

INSTANTIATE_TEST_SUITE_P(Each, OfficialWeights,
                         testing::Values("AASIST.pth", "AASIST-L.pth", "AASIST-ASVspoof5.pth"));

}  // namespace
}  // namespace bonafide
