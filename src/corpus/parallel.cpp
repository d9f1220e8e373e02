#include "corpus/parallel.h"

#include <exception>

#include "base/interrupt.h"
#include "base/ordered_pipeline.h"

namespace bonafide {

ParallelOutcome for_each_parallel(size_t count, size_t threads, std::string_view what,
                                  Progress& progress, const std::function<void(size_t)>& work,
                                  const std::function<std::string(size_t)>& name) {
  const auto attempt = [&](size_t i) -> std::string {
    try {
      work(i);
      return {};
    } catch (const std::exception& e) {
      const std::string reason = e.what(), begin = name ? name(i) + ": " : "";
      return reason.starts_with(begin) ? reason : begin + reason;
    }
  };
  ParallelOutcome outcome;
  OrderedPipeline<std::string> pipeline(count, threads, /*ahead=*/8 * threads, attempt);
  progress.start(what, count);
  for (size_t done = 0; done < count && !outcome.interrupted; ++done) {
    const std::string reason = *pipeline.next();
    if (!reason.empty()) outcome.reasons.push_back(reason);
    progress.update(done + 1, "");
    outcome.interrupted = interrupted() && done + 1 < count;
  }
  progress.finish();
  return outcome;
}

}  // namespace bonafide
