#include "metrics/id_match.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/split_work.h"

namespace bonafide {

namespace {

// A million ids in the order of the files would miss the caches with every step of a hash table:
// some hundred nanoseconds a trial. So the rows are first dealt out by their hashes to parts that
// fit into the cache, each part is grouped on its own, and the bytes of the ids are compared at the
// end, in the order of the rows, where the next ones can be fetched ahead.

constexpr size_t kRowsOfPart = 1024;
constexpr size_t kMostParts = 4096;

uint64_t mixed(uint64_t hash) {
  hash *= 0x9E3779B97F4A7C15;
  return hash ^ (hash >> 32);
}

uint64_t word_at(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Eight bytes a step; the last step reaches back over bytes already read. Steps can be undone, so
// ids that differ in one step alone never collide.
uint64_t hash_text(uint64_t hash, std::string_view text) {
  constexpr size_t kStep = sizeof(uint64_t);
  hash = mixed(hash ^ text.size());
  const char* at = text.data();
  if (text.size() < kStep) {
    uint64_t word = 0;
    for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
    return mixed(hash ^ word);
  }
  for (const char* last = at + text.size() - kStep; at < last; at += kStep) {
    hash = mixed(hash ^ word_at(at));
  }
  return mixed(hash ^ word_at(text.data() + text.size() - kStep));
}

// Rows of one or two lists, counted through.
class Rows {
 public:
  explicit Rows(const TrialIds& left, const TrialIds* right = nullptr)
      : left_(left), right_(right) {
    if (size() >= kNoRow) throw Error("more than four thousand million trials");
  }

  size_t size() const { return left_.size() + (right_ == nullptr ? 0 : right_->size()); }
  TrialId operator[](size_t row) const {
    return row < left_.size() ? left_[row] : (*right_)[row - left_.size()];
  }
  void fetch_id(size_t row) const {
    __builtin_prefetch(row < left_.size() ? &left_.utterances[row]
                                          : &right_->utterances[row - left_.size()]);
  }

 private:
  const TrialIds& left_;
  const TrialIds* right_;
};

struct HashedRow {
  uint64_t hash = 0;
  uint32_t row = 0;
};

// The rows dealt out by the upper bits of their hashes, ascending in each part.
class Parts {
 public:
  Parts(const Rows& rows, uint64_t seed, size_t threads)
      : count_(std::clamp<size_t>(std::bit_ceil(rows.size() / kRowsOfPart), 1, kMostParts)),
        rows_(rows.size()) {
    std::vector<uint64_t> hashes(rows.size());
    std::vector<std::vector<size_t>> next(threads, std::vector<size_t>(count_));
    split_work(rows.size(), threads, [&](size_t thread, size_t first, size_t last) {
      for (size_t row = first; row < last; ++row) {
        const TrialId id = rows[row];
        hashes[row] = hash_text(hash_text(seed, id.utterance), id.claim);
        ++next[thread][part_of(hashes[row])];
      }
    });
    size_t total = 0;
    for (size_t part = 0; part < count_; ++part) {
      begins_.push_back(total);
      for (auto& counts : next) total += std::exchange(counts[part], total);
    }
    begins_.push_back(total);
    split_work(rows.size(), threads, [&](size_t thread, size_t first, size_t last) {
      for (size_t row = first; row < last; ++row) {
        rows_[next[thread][part_of(hashes[row])]++] = {hashes[row], static_cast<uint32_t>(row)};
      }
    });
  }

  size_t size() const { return count_; }
  std::span<const HashedRow> operator[](size_t part) const {
    return std::span(rows_).subspan(begins_[part], begins_[part + 1] - begins_[part]);
  }

 private:
  size_t part_of(uint64_t hash) const { return ((hash >> 32) * count_) >> 32; }

  size_t count_;
  std::vector<HashedRow> rows_;
  std::vector<size_t> begins_;
};

// Of each row of a part the first with the same hash.
class PartGrouping {
 public:
  void group(std::span<const HashedRow> part, std::vector<uint32_t>& first_of) {
    slots_.assign(std::bit_ceil(2 * part.size() + 1), kNoRow);
    const size_t mask = slots_.size() - 1;
    for (uint32_t i = 0; i < part.size(); ++i) {
      size_t at = part[i].hash & mask;
      while (slots_[at] != kNoRow && part[slots_[at]].hash != part[i].hash) at = (at + 1) & mask;
      if (slots_[at] == kNoRow) slots_[at] = i;
      first_of[part[i].row] = part[slots_[at]].row;
    }
  }

 private:
  std::vector<uint32_t> slots_;  // places in the part
};

bool truly_equal(const Rows& rows, const std::vector<uint32_t>& first_of, size_t first,
                 size_t last) {
  constexpr size_t kIdsAhead = 96;
  constexpr size_t kBytesAhead = 48;
  for (size_t row = first; row < last; ++row) {
    if (row + kIdsAhead < last) rows.fetch_id(first_of[row + kIdsAhead]);
    if (row + kBytesAhead < last) {
      __builtin_prefetch(rows[first_of[row + kBytesAhead]].utterance.data());
    }
    if (first_of[row] != row && rows[row] != rows[first_of[row]]) return false;
  }
  return true;
}

// For each row the first with the same id; nothing when two ids have the same hash.
std::optional<std::vector<uint32_t>> try_to_group(const Rows& rows, uint64_t seed) {
  const size_t threads = threads_for(rows.size());
  std::vector<uint32_t> first_of(rows.size());
  {
    const Parts parts(rows, seed, threads);
    split_work(parts.size(), threads, [&](size_t, size_t first, size_t last) {
      PartGrouping grouping;
      for (size_t part = first; part < last; ++part) grouping.group(parts[part], first_of);
    });
  }
  std::atomic<bool> equal = true;
  split_work(rows.size(), threads, [&](size_t, size_t first, size_t last) {
    if (!truly_equal(rows, first_of, first, last)) equal = false;
  });
  if (!equal) return std::nullopt;
  return first_of;
}

std::vector<uint32_t> first_with_same_id(const Rows& rows) {
  // Nobody who does not know the seed can write a file of ids that collide.
  std::random_device random;
  constexpr int kAttempts = 8;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto first_of = try_to_group(rows, (uint64_t{random()} << 32) | random());
    if (first_of) return std::move(*first_of);
  }
  throw Error("ids that cannot be told apart by their hashes");
}

}  // namespace

IdMatch match_ids(const TrialIds& left, const TrialIds& right) {
  const auto first_of = first_with_same_id(Rows(left, &right));
  IdMatch match;
  match.right_row.assign(left.size(), kNoRow);
  for (uint32_t row = 0; row < right.size(); ++row) {
    const uint32_t first = first_of[left.size() + row];
    const bool repeated =
        first < left.size() ? match.right_row[first] != kNoRow : first != left.size() + row;
    if (first >= left.size()) match.right_alone.push_back(row);
    if (repeated) {
      match.right_repeated.push_back(row);
    } else if (first < left.size()) {
      match.right_row[first] = row;
    }
  }
  for (uint32_t row = 0; row < left.size(); ++row) {
    if (first_of[row] == row) continue;
    match.left_repeated.push_back(row);
    match.right_row[row] = match.right_row[first_of[row]];
  }
  return match;
}

std::vector<uint32_t> repeated_ids(const TrialIds& ids) {
  const auto first_of = first_with_same_id(Rows(ids));
  std::vector<uint32_t> repeated;
  for (uint32_t row = 0; row < ids.size(); ++row) {
    if (first_of[row] != row) repeated.push_back(row);
  }
  return repeated;
}

}  // namespace bonafide
