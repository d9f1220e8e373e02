#include "corpus/partition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

std::vector<Trial> select_partition(std::vector<Trial> trials, const std::string& partition,
                                    const std::filesystem::path& list) {
  if (partition.empty()) return trials;
  std::set<std::string> known;
  for (const Trial& trial : trials) known.insert(trial.partition);
  if (known.count(partition) == 0) {
    throw UsageError(fmt::format("{}: no partition \"{}\" (there are: {})",
                                 printable(list.native()), printable(partition),
                                 printable(fmt::format("{}", fmt::join(known, ", ")))));
  }
  std::erase_if(trials, [&](const Trial& trial) { return trial.partition != partition; });
  return trials;
}

}  // namespace bonafide
