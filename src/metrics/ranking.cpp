#include "metrics/ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/split_work.h"
#include "metrics/sort_keys.h"

namespace bonafide {

namespace {

// With a last one above all of them.
std::vector<uint64_t> sorted_keys(std::span<const double> scores) {
  std::vector<uint64_t> keys;
  keys.reserve(scores.size() + 1);
  std::transform(scores.begin(), scores.end(), std::back_inserter(keys), sort_key);
  keys.push_back(kLastKey);
  sort_keys(keys);
  return keys;
}

}  // namespace

Ranking::Ranking(std::initializer_list<ScoredClass> classes, EmptyClasses empty) {
  std::array<std::vector<uint64_t>, kMaxClasses> keys;
  size_t total = 0;
  size_t used = 0;
  for (const ScoredClass& one : classes) {
    if (one.scores.empty() && empty == EmptyClasses::kRefused) {
      throw Error(fmt::format("no {} trials: each class needs at least one", one.name));
    }
    counts_[used++] = one.scores.size();
    total += one.scores.size();
  }
  if (total == 0) throw Error("no trials to rank");
  split_work(used, std::min(used, threads_for(total)), [&](size_t, size_t first, size_t last) {
    for (size_t c = first; c < last; ++c) keys[c] = sorted_keys(classes.begin()[c].scores);
  });
  scores_.resize(total);
  classes_.resize(total);
  std::array<const uint64_t*, kMaxClasses> next{};
  for (size_t c = 0; c < used; ++c) next[c] = keys[c].data();
  for (size_t rank = 0; rank < total; ++rank) {
    size_t lowest = 0;
    for (size_t c = 1; c < used; ++c) lowest = *next[c] < *next[lowest] ? c : lowest;
    scores_[rank] = score_of_key(*next[lowest]++);
    classes_[rank] = static_cast<uint8_t>(lowest);
  }
}

Ranking::Ranking(std::span<const double> bona_fide, std::span<const double> spoof)
    : Ranking({{"bona fide", bona_fide}, {"spoof", spoof}}) {}

std::vector<uint32_t> ranking_order(std::initializer_list<ScoredClass> classes) {
  std::vector<uint64_t> keys;
  for (const ScoredClass& one : classes) {
    for (const double score : one.scores) keys.push_back(sort_key(score));
  }
  std::vector<uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return keys[a] < keys[b]; });
  return order;
}

Ranking Ranking::with_copies(std::span<const uint32_t> copies) const {
  Ranking result;
  result.scores_.reserve(size());
  result.classes_.reserve(size());
  for (size_t rank = 0; rank < size(); ++rank) {
    result.scores_.insert(result.scores_.end(), copies[rank], scores_[rank]);
    result.classes_.insert(result.classes_.end(), copies[rank], classes_[rank]);
    result.counts_[classes_[rank]] += copies[rank];
  }
  return result;
}

Ranking Ranking::without(size_t class_index) const {
  std::vector<uint32_t> copies(size());
  for (size_t rank = 0; rank < size(); ++rank) copies[rank] = classes_[rank] != class_index;
  return with_copies(copies);
}

bool Ranking::has_nan() const { return std::isnan(scores_.back()); }

bool Ranking::has_infinity() const {
  if (std::isinf(scores_.front())) return true;
  const auto number =
      std::find_if(scores_.rbegin(), scores_.rend(), [](double s) { return !std::isnan(s); });
  return number != scores_.rend() && std::isinf(*number);
}

}  // namespace bonafide
