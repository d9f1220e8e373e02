#include "checkpoint/base_weights.h"

#include <fmt/format.h>

#include <unordered_map>

#include "base/digest.h"
#include "base/error.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/checkpoint.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

Json digests_of(const std::vector<fs::path>& files) {
  Json digests = Json::array();
  for (const fs::path& file : files) {
    digests.push_back({{"name", file.filename().native()}, {"sha256", sha256_of_file(file)}});
  }
  return digests;
}

// Where it was, or else beside the model.
fs::path find_base(const fs::path& from, const std::string& name) {
  std::error_code unknown;
  if (fs::exists(from, unknown)) return from;
  const fs::path beside = fs::path(name).parent_path() / from.filename();
  if (!from.filename().empty() && fs::exists(beside, unknown)) return beside;
  throw Error(fmt::format("{}: needs {}, of which it has tensors; it is not there, nor beside it",
                          printable(name), printable(from.native())));
}

void expect_same_files(const StoredWeights& stored, const Json& entry, const std::string& name) {
  if (digests_of(stored.files) == entry.at("files")) return;
  throw Error(fmt::format("{}: needs {} as it was, but that has changed (another SHA-256)",
                          printable(name), printable(entry.at("from").get<std::string>())));
}

void add_tensors(TensorFile& file, const Json& entry, const std::string& prefix,
                 const std::string& name) {
  const fs::path from = find_base(entry.at("from").get<std::string>(), name);
  const StoredWeights stored = read_stored_weights(from);
  expect_same_files(stored, entry, name);
  std::unordered_map<std::string_view, const StoredTensor*> by_name;
  for (const StoredTensor& tensor : stored.tensors) by_name.emplace(tensor.name, &tensor);
  for (const auto& [ours, theirs] : entry.at("tensors").items()) {
    const auto found = by_name.find(theirs.get_ref<const std::string&>());
    if (found == by_name.end() || !found->second->trouble.empty()) {
      throw Error(fmt::format("{}: {} has no tensor \"{}\"", printable(name),
                              printable(from.native()), printable(theirs.dump(), 80)));
    }
    file.tensors.emplace_back(prefix + ours, found->second->tensor);
  }
  file.mapped.insert(file.mapped.end(), stored.mapped.begin(), stored.mapped.end());
}

}  // namespace

Json base_weights(const std::vector<WeightOrigin>& origins,
                  const std::function<bool(const std::string& name)>& leave_out) {
  Json base = Json::array();
  for (const WeightOrigin& origin : origins) {
    Json tensors = Json::object();
    for (const auto& [ours, theirs] : origin.tensors) {
      if (leave_out(ours)) tensors[ours] = theirs;
    }
    if (tensors.empty()) continue;
    base.push_back({{"from", fs::absolute(origin.from).lexically_normal().native()},
                    {"files", digests_of(origin.files)},
                    {"tensors", std::move(tensors)}});
  }
  return base;
}

std::set<std::string> names_in_base(const Json& base) {
  std::set<std::string> names;
  for (const Json& entry : base) {
    for (const auto& [ours, theirs] : entry.at("tensors").items()) names.insert(ours);
  }
  return names;
}

void add_base_weights(TensorFile& file, const Json& base, const std::string& prefix,
                      const std::string& name) {
  try {
    for (const Json& entry : base) add_tensors(file, entry, prefix, name);
  } catch (const Json::exception& e) {
    throw Error(fmt::format("{}: does not say where its other tensors are ({})", printable(name),
                            json_fault(e)));
  }
}

}  // namespace bonafide
