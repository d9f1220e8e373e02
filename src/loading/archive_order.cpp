#include "loading/archive_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "audio/archive_window.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr size_t kAtOnce = 4;                        // archives
constexpr uint64_t kPiece = uint64_t{8} << 20;       // bytes
static_assert(kAtOnce < kOpenArchives);              // one that has ended may still be read
static_assert(2 * kPiece < ArchiveWindow::kWindow);  // threads may be in two pieces

using Order = std::vector<size_t>;  // numbers of trials

// One archive's, in the order of its epoch; last first, to be taken from the end.
Order within(const std::vector<Trial>& trials, Order archive, Random& random) {
  std::stable_sort(archive.begin(), archive.end(), [&](size_t a, size_t b) {
    return trials[a].member.offset < trials[b].member.offset;
  });
  const auto piece = [&](size_t i) { return trials[archive[i]].member.offset / kPiece; };
  for (size_t begin = 0; begin < archive.size();) {
    size_t end = begin;
    while (end < archive.size() && piece(end) == piece(begin)) ++end;
    random.shuffle(std::span(archive).subspan(begin, end - begin));
    begin = end;
  }
  std::reverse(archive.begin(), archive.end());
  return archive;
}

std::vector<Order> by_archive(const std::vector<Trial>& trials) {
  std::vector<Order> archives;
  std::map<std::string_view, size_t> numbers;
  for (size_t i = 0; i < trials.size(); ++i) {
    const auto [entry, fresh] = numbers.emplace(trials[i].path.native(), archives.size());
    if (fresh) archives.emplace_back();
    archives[entry->second].push_back(i);
  }
  return archives;
}

}  // namespace

std::vector<size_t> archive_order(const std::vector<Trial>& trials, Random& random) {
  std::vector<Order> closed = by_archive(trials);
  random.shuffle(std::span(closed));
  std::vector<Order> open;
  Order order;
  order.reserve(trials.size());
  while (order.size() < trials.size()) {
    while (open.size() < kAtOnce && !closed.empty()) {
      open.push_back(within(trials, std::move(closed.back()), random));
      closed.pop_back();
    }
    const size_t drawn = random.below(open.size());
    order.push_back(open[drawn].back());
    open[drawn].pop_back();
    if (open[drawn].empty()) open.erase(open.begin() + static_cast<std::ptrdiff_t>(drawn));
  }
  return order;
}

void expect_no_compressed_archive(const std::vector<Trial>& trials) {
  std::set<std::string_view> seen;
  for (const Trial& trial : trials) {
    if (trial.member.empty() || !seen.insert(trial.path.native()).second) continue;
    if (is_compressed_file(trial.path)) {
      throw UsageError(
          fmt::format("{}: a compressed archive can only be read in its order; set "
                      "train.sampler=shards, or decompress it",
                      printable(trial.path.native())));
    }
  }
}

}  // namespace bonafide
