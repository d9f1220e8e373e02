#include "cli/model_import.h"

#include "base/digest.h"
#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/published.h"
#include "checkpoint/weight_choice.h"
#include "cli/torch_program.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

// What bonafide-torch says that the network of a description wants of `bytes` of tensors.
std::vector<WantedTensor> wanted_by(const ModelDescription& description, size_t bytes) {
  const Json question = {{"description", description.to_json()}, {"bytes", bytes}};
  const std::string text = question.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::vector<WantedTensor> wanted;
  try {
    for (const Json& tensor : parse_json(ask_torch("wants", text))) {
      wanted.push_back({tensor.at(0).get<std::string>(), tensor.at(1).get<std::vector<int64_t>>()});
    }
  } catch (const Json::exception&) {
    throw Error("bonafide-torch: does not say what the network wants; build both programs anew");
  }
  return wanted;
}

// Whether a score of one means the same in the other, so that a calibration holds for both.
bool score_alike(const ModelDescription& a, const ModelDescription& b) {
  return a.system == b.system && a.model == b.model && a.input == b.input && a.score == b.score;
}

Json source_of(const fs::path& file, const std::string& digest) {
  return {{"file", printable(file.filename().native())}, {"sha256", digest}};
}

// What is known of files of weights: the published facts, or else which they were.
Json card_of(const std::vector<fs::path>& files) {
  const std::string digest = sha256_of_file(files.front());
  if (const PublishedWeights* published = find_published_by_sha256(digest)) {
    return published->card();
  }
  if (files.size() == 1) return {{"source", source_of(files.front(), digest)}};
  Json several = Json::array();
  for (const fs::path& file : files) several.push_back(source_of(file, sha256_of_file(file)));
  return {{"source", {{"files", several}}}};
}

}  // namespace

ImportedModel import_model(const fs::path& in, const fs::path& out, const Recipe& recipe,
                           const std::string& set, const std::string& name) {
  const StoredWeights stored = read_stored_weights(in);
  ImportedModel imported;
  ModelDescription& description = imported.model.description;
  description = ModelDescription::from_recipe(recipe);
  if (!name.empty()) description.name = name;
  const auto before = read_description(stored.metadata, in.native());
  description.card = before && !before->card.is_null() ? before->card : card_of(stored.files);
  if (before && score_alike(*before, description)) description.calibration = before->calibration;

  imported.checked = fs::exists(torch_program());
  WeightChoice choice =
      imported.checked ? choose_weights(stored, wanted_by(description, stored.bytes()), set, in)
                       : choose_weights(stored, set, in);
  imported.model.file = std::move(choice.file);
  imported.note = std::move(choice.note);
  write_model(out, description, imported.model.file);
  return imported;
}

}  // namespace bonafide
