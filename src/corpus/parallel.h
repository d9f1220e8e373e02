#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"

namespace bonafide {

struct ParallelOutcome {
  std::vector<std::string> reasons;  // what went wrong, in the order of the items
  bool interrupted = false;          // the items not yet begun were left out
};

// work(0) .. work(count - 1) on so many threads. An exception in one is noted, and the others go
// on. name(i) goes before a reason that does not begin with it.
ParallelOutcome for_each_parallel(size_t count, size_t threads, std::string_view what,
                                  Progress& progress, const std::function<void(size_t)>& work,
                                  const std::function<std::string(size_t)>& name = {});

}  // namespace bonafide
