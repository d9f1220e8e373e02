#include "systems/torch_backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_value.h"
#include "error_text.h"
#include "recipe/recipe.h"
#include "tensor/memory.h"

namespace bonafide {
namespace {

using testing::HasSubstr;

// A description without tensors to go with it.
ModelFile described_as(const Json& model, const char* recipe) {
  ModelFile file;
  file.description = ModelDescription::from_recipe(Recipe::load(recipe, {}));
  file.description.model = model;
  return file;
}

TEST(TorchBackend, TakesNoMemoryForANetworkThatTheFileOnlyDescribes) {
  use_large_pages_for_tensors();
  const ModelFile rawnet2 = described_as(
      {{"architecture", "RawNet2Spoof"}, {"gru_node", 16384}, {"nb_gru_layer", 64}}, "rawnet2");
  const ModelFile lightcnn =
      described_as({{"architecture", "LightCNN"}, {"input_shape", {1, 65536, 65536}}}, "lcnn");

  for (const ModelFile& file : {rawnet2, lightcnn}) {
    EXPECT_THAT(error_text([&] { load_backend(file, {}); }),
                HasSubstr("describes a network far larger than its 0 bytes of tensors"));
  }
}

TEST(TorchBackend, NamesTheTensorsThatAreMissing) {
  use_large_pages_for_tensors();
  const ModelFile file =
      described_as({{"architecture", "LightCNN"}, {"input_shape", {1, 32, 32}}}, "lcnn");

  EXPECT_THAT(error_text([&] { load_backend(file, {}); }), HasSubstr("conv1.weight"));
}

}  // namespace
}  // namespace bonafide
