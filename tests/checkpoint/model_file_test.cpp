#include "checkpoint/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/digest.h"
#include "base/json_value.h"
#include "checkpoint/safetensors.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

using testing::HasSubstr;

TensorFile one_tensor() {
  const std::array<float, 2> values = {1, 2};
  TensorFile file;
  file.tensors.emplace_back("weight", Tensor::from(values, {2}));
  return file;
}

ModelDescription description() {
  ModelDescription d;
  d.name = "aasist";
  d.system = "classifier";
  d.model = {{"architecture", "AASIST"}};
  d.input = {{"sample_rate", 16000}, {"samples", 64600}};
  d.score = {{"logit", 1}};
  d.card = {{"licence", "MIT"}};
  return d;
}

TEST(ModelFile, ReadsBackWhatWasWritten) {
  const Scratch directory;

  write_model(directory / "m.safetensors", description(), one_tensor());
  const ModelFile model = read_model((directory / "m.safetensors").string());

  EXPECT_EQ(model.description.to_json(), description().to_json());
  EXPECT_EQ(model.file.find("weight")->to_doubles(), (std::vector<double>{1, 2}));
}

TEST(ModelFile, SaysWhatItsLossHeadIsMadeBy) {
  ModelDescription d = description();
  d.loss = {{"prototypes", 3}};
  EXPECT_EQ(ModelDescription::from_json(d.to_json(), "m").loss, d.loss);

  Json before = description().to_json();
  before.erase("loss");
  EXPECT_TRUE(ModelDescription::from_json(before, "m").loss.is_null()) << "an older file";
  before["loss"] = 3;
  EXPECT_EQ(error_text([&] { ModelDescription::from_json(before, "m"); }),
            "m: its description has no section \"loss\"");
}

TEST(ModelFile, IsFoundByNameInTheModelDirectory) {
  const Scratch directory;
  ::setenv("XDG_DATA_HOME", (directory / "").c_str(), /*overwrite=*/1);
  std::filesystem::create_directories(model_directory());

  write_model(model_directory() / "mine.safetensors", description(), one_tensor());

  EXPECT_EQ(read_model("mine").description.name, "aasist");
}

TEST(ModelFile, HasTheDigestOfItsBytesByPathAndByName) {
  const Scratch directory;
  ::setenv("XDG_DATA_HOME", (directory / "").c_str(), /*overwrite=*/1);
  std::filesystem::create_directories(model_directory());
  const auto path = model_directory() / "mine.safetensors";
  write_model(path, description(), one_tensor());

  EXPECT_EQ(model_digest("mine"), sha256_of_file(path));
  EXPECT_EQ(model_digest(path.string()), sha256_of_file(path));
  EXPECT_EQ(model_digest("builtin").size(), 64U);
}

// Else a file from elsewhere would name a program for us to run.
TEST(ModelFile, CannotBeATorchScriptNetwork) {
  const Scratch directory;
  ModelDescription program = description();
  program.system = "torchscript";
  program.model = {{"file", "/tmp/program.pt"}};
  write_model(directory / "m.safetensors", program, one_tensor());

  EXPECT_THAT(error_text([&] { read_model((directory / "m.safetensors").string()); }),
              HasSubstr("m.safetensors: describes a TorchScript network"));
}

TEST(ModelFile, SaysWhichModelsThereAreWhenItFindsNone) {
  EXPECT_THAT(error_text([] { read_model("no-such-model"); }),
              HasSubstr("no-such-model: no such model file, nor a model in "));
}

TEST(ModelFile, AsksForConversionOfACheckpointThatDoesNotDescribeItself) {
  const Scratch directory;
  write_safetensors(directory / "plain.safetensors", one_tensor());

  EXPECT_THAT(error_text([&] { read_model((directory / "plain.safetensors").string()); }),
              HasSubstr("bonafide convert"));
}

std::string refusal(const std::string& text) {
  const Scratch directory;
  TensorFile file = one_tensor();
  file.metadata["bonafide"] = text;
  write_safetensors(directory / "m.safetensors", file);
  return error_text([&] { read_model((directory / "m.safetensors").string()); });
}

TEST(ModelFile, RefusesADescriptionFromTheFuture) {
  Json json = description().to_json();
  json["format"] = 2;

  EXPECT_THAT(refusal(json.dump()), HasSubstr("model format 2; this bonafide reads format 1"));
}

TEST(ModelFile, RefusesADescriptionWithoutAFormat) {
  EXPECT_THAT(refusal("[]"), HasSubstr("no format number"));
}

TEST(ModelFile, RefusesADescriptionWithAMissingOrIllTypedKey) {
  Json json = description().to_json();
  json["model"] = "AASIST";

  EXPECT_THAT(refusal(json.dump()), HasSubstr("no section \"model\""));
}

TEST(ModelFile, RefusesADescriptionThatIsNotJson) {
  EXPECT_THAT(refusal("{"), HasSubstr("not valid JSON"));
}

TEST(ModelFile, RefusesADescriptionNestedTooDeeply) {
  EXPECT_THAT(refusal(std::string(100000, '[')), HasSubstr("nested too deeply"));
}

TEST(ModelFile, RefusesAnEndlessDescription) {
  EXPECT_THAT(refusal(std::string(300 << 10, ' ')), HasSubstr("at most"));
}

}  // namespace
}  // namespace bonafide
