#include "checkpoint/model_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "base/digest.h"
#include "base/environment.h"
#include "base/error.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "base/resource.h"
#include "base/text.h"
#include "checkpoint/base_weights.h"
#include "checkpoint/foreign_file.h"
#include "checkpoint/published.h"
#include "checkpoint/safetensors.h"

namespace bonafide {

namespace {

constexpr const char* kKey = "bonafide";
constexpr int kFormat = 1;
constexpr size_t kMaxDescription = size_t{256} << 10;  // bytes
constexpr int kMaxDepth = 32;

Json parse_description(const std::string& text, const std::string& name) {
  if (text.size() > kMaxDescription) {
    throw Error(fmt::format("{}: its description has {} bytes; at most {} are read",
                            printable(name), text.size(), kMaxDescription));
  }
  const auto check_depth = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) {
      throw Error(fmt::format("{}: its description is nested too deeply", printable(name)));
    }
    return true;
  };
  try {
    return Json::parse(text, check_depth);
  } catch (const Json::exception& e) {
    throw Error(
        fmt::format("{}: its description is not valid JSON ({})", printable(name), json_fault(e)));
  }
}

ModelFile described(TensorFile file, const std::string& name) {
  auto description = read_description(file.metadata, name);
  if (!description) {
    throw Error(
        fmt::format("{}: does not describe itself as a bonafide model; \"bonafide convert IN "
                    "OUT --system NAME\" makes such a file of any checkpoint",
                    printable(name)));
  }
  if (description->system == kProgramSystem) {
    // Its path would be the file's choice, and loading it runs a program.
    throw Error(fmt::format("{}: describes a TorchScript network, which no model file holds",
                            printable(name)));
  }
  return {std::move(*description), std::move(file), name, /*self_described=*/true};
}

std::string text_of(const Json& json, const char* key, const std::string& name) {
  const auto value = json.find(key);
  if (value == json.end() || !value->is_string()) {
    throw Error(fmt::format("{}: its description has no text \"{}\"", printable(name), key));
  }
  return value->get<std::string>();
}

Json section_of(const Json& json, const char* key, const std::string& name) {
  const auto value = json.find(key);
  if (value == json.end() || !value->is_object()) {
    throw Error(fmt::format("{}: its description has no section \"{}\"", printable(name), key));
  }
  return *value;
}

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

// Where a model lies: inside the program, or in a file.
struct Place {
  std::optional<std::string_view> resource;
  std::filesystem::path path;
};

// Ends the message that there is no such model.
std::string how_to_get(const std::string& name) {
  if (find_published(name) != nullptr) {
    return fmt::format("not on this machine yet; \"bonafide models fetch {}\" downloads it", name);
  }
  const std::vector<std::string> builtin = builtin_models();
  return fmt::format(
      "no such model file, nor a model in {}, nor a built-in one ({})",
      printable(model_directory().native()),
      builtin.empty() ? "there are none" : fmt::format("{}", fmt::join(builtin, ", ")));
}

Place find_model(const std::string& path_or_name) {
  if (is_file(path_or_name)) return {std::nullopt, path_or_name};
  if (const auto resource = find_resource(kModels.path(path_or_name))) return {*resource, {}};
  const std::filesystem::path installed = installed_model(path_or_name);
  if (path_or_name.find('/') == std::string::npos && is_file(installed)) {
    return {std::nullopt, installed};
  }
  std::error_code unknown;
  throw Error(fmt::format("{}: {}", printable(path_or_name),
                          std::filesystem::is_directory(path_or_name, unknown)
                              ? what_instead_of_checkpoint(std::filesystem::path(path_or_name))
                              : how_to_get(path_or_name)));
}

}  // namespace

bool is_model_name(const std::string& name) {
  if (name.find('/') != std::string::npos) return false;
  return find_resource(kModels.path(name)) || is_file(installed_model(name)) ||
         find_published(name) != nullptr;
}

std::string ModelDescription::card_text(const std::string& key) const {
  const auto text = card.is_object() ? card.find(key) : card.end();
  return text != card.end() && text->is_string() ? text->get<std::string>() : "";
}

Json ModelDescription::to_json() const {
  Json json = {
      {"format", kFormat}, {"name", name},   {"system", system}, {"model", model},
      {"input", input},    {"score", score}, {"loss", loss},     {"calibration", calibration},
      {"card", card}};
  if (!base.is_null()) json["base"] = base;
  return json;
}

ModelDescription ModelDescription::from_json(const Json& json, const std::string& name) {
  const auto format = json.is_object() ? json.find("format") : json.end();
  if (format == json.end() || !format->is_number_integer()) {
    throw Error(fmt::format("{}: its description has no format number", printable(name)));
  }
  if (*format != kFormat) {
    throw Error(fmt::format("{}: is of model format {}; this bonafide reads format {}",
                            printable(name), format->dump(), kFormat));
  }
  ModelDescription description;
  description.name = text_of(json, "name", name);
  description.system = text_of(json, "system", name);
  description.model = section_of(json, "model", name);
  description.input = section_of(json, "input", name);
  description.score = section_of(json, "score", name);
  if (json.contains("loss") && !json["loss"].is_null()) {
    description.loss = section_of(json, "loss", name);
  }
  description.calibration = json.value("calibration", Json());
  description.card = json.value("card", Json());
  description.base = json.value("base", Json());
  return description;
}

ModelDescription ModelDescription::from_recipe(const Recipe& recipe) {
  ModelDescription description;
  const Json& name = recipe.at("name");
  description.model = recipe.at("model");
  description.name = name.is_string() ? name.get<std::string>() : "unnamed";
  description.system = recipe.text("system");
  description.input = recipe.at("input");
  description.score = recipe.at("score");
  // What learned in it is scored in it, as RAT is published.
  if (recipe.text("compute.precision") == "bf16" && !description.score.contains("precision")) {
    description.score["precision"] = "bf16";
  }
  description.loss = recipe.at("loss");
  return description;
}

std::optional<ModelDescription> read_description(const std::map<std::string, std::string>& metadata,
                                                 const std::string& name) {
  const auto text = metadata.find(kKey);
  if (text == metadata.end()) return std::nullopt;
  return ModelDescription::from_json(parse_description(text->second, name), name);
}

ModelFile read_model(const std::string& path_or_name) {
  const Place place = find_model(path_or_name);
  if (place.resource) {
    return described(read_safetensors(std::as_bytes(std::span(*place.resource)), path_or_name),
                     path_or_name);
  }
  ModelFile model = described(read_safetensors(place.path), place.path.native());
  add_base_weights(model.file, model.description.base, "", model.path);
  return model;
}

std::string model_digest(const std::string& path_or_name) {
  const Place place = find_model(path_or_name);
  return place.resource ? sha256(std::as_bytes(std::span(*place.resource)))
                        : sha256_of_file(place.path);
}

void write_model(const std::filesystem::path& path, const ModelDescription& description,
                 TensorFile file) {
  const auto elsewhere = names_in_base(description.base);
  std::erase_if(file.tensors, [&](const auto& named) { return elsewhere.contains(named.first); });
  // A file name in the card need not be UTF-8, which JSON is.
  file.metadata[kKey] =
      description.to_json().dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
  write_safetensors(path, file);
}

std::vector<std::string> builtin_models() { return kModels.names(); }

std::filesystem::path installed_model(const std::string& name) {
  return model_directory() / (name + std::string(kModels.ending()));
}

std::filesystem::path model_directory() {
  const std::string data = environment_variable("XDG_DATA_HOME").value_or("");
  const auto base =
      data.starts_with('/')
          ? std::filesystem::path(data)
          : std::filesystem::path(environment_variable("HOME").value_or("")) / ".local/share";
  return base / "bonafide" / "models";
}

}  // namespace bonafide
