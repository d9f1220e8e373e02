#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "corpus/trial.h"
#include "processes/communicator.h"
#include "recipe/recipe.h"

namespace bonafide {

// What a run was made with, for those who ask years later: versions, command, folder and its git
// commit, machine, threads, environment variables that matter, processes, and a fingerprint of each
// part of the data.
Json run_record(const std::string& command, const Communicator& communicator,
                const std::vector<std::pair<std::string, const std::vector<Trial>*>>& parts);

// Writes a run's record, or adds a later sitting to it. Throws Error when what stands there is
// none.
void write_run_record(const std::filesystem::path& path, Json sitting, bool resume);

// The keys in which the recipe differs from the one in the run's directory. Throws UsageError for
// those that its saved state depends on.
std::vector<std::string> changed_settings(const std::filesystem::path& directory,
                                          const Recipe& recipe);

// SHA-256 over id, label, speaker, attack and file size of the trials, in their order: the same for
// the same list over the same files, without reading them.
std::string fingerprint(const std::vector<Trial>& trials);

}  // namespace bonafide
