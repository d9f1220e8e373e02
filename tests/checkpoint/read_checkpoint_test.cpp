#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "checkpoint/checkpoint.h"
#include "checkpoint/safetensors.h"
#include "error_text.h"

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
  EXPECT_THAT(refusal(kData / "refused/torchscript.pt"), HasSubstr("has no state dict"));
}

TEST(ReadCheckpoint, RefusesWhatIsNoCheckpoint) {
  EXPECT_THAT(refusal(kData / "make.py"), HasSubstr("make.py: not a checkpoint"));
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
