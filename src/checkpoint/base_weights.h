#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "checkpoint/stored_weights.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// A file or folder that weights were taken of, and which.
struct WeightOrigin {
  std::filesystem::path from;
  std::vector<std::filesystem::path> files;    // that its tensors lie in
  std::map<std::string, std::string> tensors;  // a network's names, and the file's (StoredWeights)
};

// Where a model's tensors lie that its own file need not hold, as model files and training states
// say it: [{from, files: [{name, sha256}], tensors: {ours: theirs}}]. Of what `leave_out` names; an
// empty list where that is nothing.
Json base_weights(const std::vector<WeightOrigin>& origins,
                  const std::function<bool(const std::string& name)>& leave_out);

// The names of a model's tensors that lie elsewhere.
std::set<std::string> names_in_base(const Json& base);

// Adds those tensors to a file, with `prefix` before their names. `name` is the file's own: where
// the other one is no longer where it was, it may lie beside. Throws Error when it is not there or
// is not the same any longer, and for a list that is none.
void add_base_weights(TensorFile& file, const Json& base, const std::string& prefix,
                      const std::string& name);

}  // namespace bonafide
