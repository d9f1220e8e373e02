#include "base/memory_left.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace bonafide {

namespace {

constexpr uint64_t kUnknown = std::numeric_limits<uint64_t>::max();

// The number behind a word at the beginning of a line: "MemAvailable:   24689068 kB".
std::optional<uint64_t> number_behind(const char* file, std::string_view word) {
  std::ifstream lines(file);
  for (std::string key; lines >> key;) {
    uint64_t value = 0;
    if (key == word && lines >> value) return value;
    lines.clear();
    lines.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

uint64_t left_on_machine() {
  const auto free = number_behind("/proc/meminfo", "MemAvailable:");
  const auto swap = number_behind("/proc/meminfo", "SwapFree:");
  return free ? (*free + swap.value_or(0)) * 1024 : kUnknown;
}

uint64_t difference(uint64_t most, uint64_t taken) { return most - std::min(most, taken); }

// Of what a control group counts only what belongs to no file cannot be given back.
uint64_t left_in_group() {
  uint64_t most = 0;
  if (!(std::ifstream("/sys/fs/cgroup/memory.max") >> most)) return kUnknown;  // also for "max"
  return difference(most, number_behind("/sys/fs/cgroup/memory.stat", "anon").value_or(0));
}

uint64_t left_by_limit() {
  rlimit limit{};
  uint64_t pages = 0;
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnknown;
  if (!(std::ifstream("/proc/self/statm") >> pages)) return kUnknown;
  return difference(limit.rlim_cur, pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)));
}

}  // namespace

uint64_t memory_left() { return std::min({left_on_machine(), left_in_group(), left_by_limit()}); }

void expect_memory(uint64_t bytes, const std::string& what) {
  const uint64_t left = memory_left();
  if (bytes <= left) return;
  throw Error(fmt::format("{} needs {} bytes of memory, and {} are left", what, bytes, left));
}

}  // namespace bonafide
