#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// The trials of one partition; all of them for an empty name. Throws UsageError, with the
// partitions that there are, when none is of it. `list` goes into the message.
std::vector<Trial> select_partition(std::vector<Trial> trials, const std::string& partition,
                                    const std::filesystem::path& list);

}  // namespace bonafide
