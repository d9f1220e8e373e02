#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace bonafide {

// How many threads are worth starting for `count` items of some nanoseconds each.
inline size_t threads_for(size_t count) {
  constexpr size_t kItemsPerThread = 1 << 16;
  constexpr size_t kMost = 8;
  const size_t cores = std::max<size_t>(1, std::thread::hardware_concurrency());
  return std::clamp<size_t>(count / kItemsPerThread, 1, std::min(cores, kMost));
}

// Cuts 0 .. count-1 into `parts` neighbouring ranges and calls work(part, first, last) for each,
// the last in this thread and every other in one of its own; in this thread too when the system
// gives no more. What `work` throws, of several the first part's, is thrown when all have ended.
template <typename Work>
void split_work(size_t count, size_t parts, const Work& work) {
  std::vector<std::exception_ptr> thrown(parts);
  std::vector<std::thread> threads;
  threads.reserve(parts);
  for (size_t part = 0; part < parts; ++part) {
    const auto run = [&work, &thrown, part, first = count * part / parts,
                      last = count * (part + 1) / parts] {
      try {
        work(part, first, last);
      } catch (...) {
        thrown[part] = std::current_exception();
      }
    };
    if (part + 1 == parts) {
      run();
      continue;
    }
    try {
      threads.emplace_back(run);
    } catch (const std::system_error&) {
      run();
    }
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& exception : thrown) {
    if (exception) std::rethrow_exception(exception);
  }
}

}  // namespace bonafide
