#include "checkpoint/weight_folder.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr size_t kLargestConfig = size_t{256} << 10;  // bytes
constexpr size_t kLargestIndex = size_t{32} << 20;
constexpr size_t kMostFiles = 1000;
constexpr int kIndexDepth = 3;

// Looked up by key as it is built, as many names as there are tensors.
using IndexJson = nlohmann::json;

IndexJson parse_index(std::string_view text, const std::string& name) {
  const auto check_depth = [&](int depth, IndexJson::parse_event_t, IndexJson&) {
    if (depth <= kIndexDepth) return true;
    throw Error(fmt::format("{}: nested too deeply for an index of weights", printable(name)));
  };
  try {
    return IndexJson::parse(text, check_depth);
  } catch (const IndexJson::exception& e) {
    throw Error(fmt::format("{}: not valid JSON ({})", printable(name), json_fault(e)));
  }
}

// A name that can only be of a file in the folder itself.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

bool is_there(const fs::path& path) {
  std::error_code unknown;
  return fs::is_regular_file(path, unknown);
}

}  // namespace

WeightFolder read_weight_index(std::string_view text, const fs::path& folder,
                               const std::string& name) {
  const IndexJson index = parse_index(text, name);
  const auto map = index.is_object() ? index.find("weight_map") : index.end();
  if (map == index.end() || !map->is_object() || map->empty()) {
    throw Error(fmt::format("{}: has no \"weight_map\", which says where the tensors are",
                            printable(name)));
  }
  std::map<std::string, size_t> numbers;  // of the files, by name
  for (const auto& [tensor, file] : map->items()) {
    if (!file.is_string() || !is_plain_name(file.get_ref<const std::string&>())) {
      throw Error(fmt::format("{}: tensor \"{}\" is said to be in {}, which is no file's name",
                              printable(name), printable(tensor, 80), printable(file.dump(), 80)));
    }
    numbers.emplace(file.get<std::string>(), 0);
    if (numbers.size() > kMostFiles) {
      throw Error(fmt::format("{}: names more than {} files", printable(name), kMostFiles));
    }
  }
  WeightFolder found;
  for (auto& [file, number] : numbers) {
    number = found.files.size();
    found.files.push_back(folder / file);
  }
  for (const auto& [tensor, file] : map->items()) {
    found.places[tensor] = numbers.at(file.get_ref<const std::string&>());
  }
  return found;
}

WeightFolder find_weight_files(const fs::path& folder) {
  for (const char* name : {"model.safetensors", "pytorch_model.bin"}) {
    if (is_there(folder / name)) return {{folder / name}, {}};
    const fs::path index = folder / (std::string(name) + ".index.json");
    if (is_there(index)) {
      return read_weight_index(read_text(index, kLargestIndex), folder, index.native());
    }
  }
  return {};
}

Json read_folder_json(const fs::path& folder, const char* name) {
  const fs::path path = folder / name;
  if (!is_there(path)) return nullptr;
  try {
    return parse_json(read_text(path, kLargestConfig));
  } catch (const Error& e) {
    const std::string why = e.what();
    if (why.starts_with(printable(path.native()))) throw;
    throw Error(fmt::format("{}: {}", printable(path.native()), why));
  }
}

}  // namespace bonafide
