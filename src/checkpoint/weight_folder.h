#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace bonafide {

// Where the weights in a folder as Hugging Face's lie.
struct WeightFolder {
  std::vector<std::filesystem::path> files;  // none: the folder has no weights
  // Of weights in several files: which tensor lies in which of them. Empty: all that a file holds.
  std::map<std::string, size_t> places;
};

// The first of model.safetensors, its index, pytorch_model.bin and its index that is there. Throws
// Error for an index that is none, or that names files outside the folder.
WeightFolder find_weight_files(const std::filesystem::path& folder);

// Which file has which tensor, by the text of an index; `name` is the index', for messages.
WeightFolder read_weight_index(std::string_view text, const std::filesystem::path& folder,
                               const std::string& name);

// A JSON file of the folder; null when there is none. Throws Error naming it.
Json read_folder_json(const std::filesystem::path& folder, const char* name);

}  // namespace bonafide
