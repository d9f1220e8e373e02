#include "metrics/id_match.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <deque>
#include <memory>
#include <memory_resource>
#include <random>
#include <span>
#include <string_view>

#include "base/error.h"
#include "base/split_work.h"

namespace bonafide {

namespace {

// A million ids in the order of the files would miss the caches with every step of a hash table:
// some hundred nanoseconds a trial. So the rows are dealt out by fingerprints of their ids to parts
// that fit into the cache, and each part is matched on its own. The bytes of the ids are read once,
// in the order of the files.

constexpr size_t kRowsOfPart = 8192;
constexpr size_t kMostParts = 4096;

// A row of a part with 64 bits of its id's fingerprint; the part says up to 12 more. Rows of a part
// with the same fingerprint count as the same id. For twenty million trials with ids of a hundred
// bytes, the chance that any two err is below 1e-6, for a million with short ids below 1e-8.
struct Entry {
  uint32_t hash;
  uint32_t check;
  uint32_t row;

  bool same_id(const Entry& other) const { return hash == other.hash && check == other.check; }
};

// What an id is compared by.
struct IdHash {
  uint32_t part;  // which part, when multiplied by their number
  uint32_t hash;
  uint32_t check;
};

// Polynomials modulo the prime 2^61 - 1 at two points drawn for this run. The coefficients are the
// lengths of the texts and their bytes, seven at a time, so two ids of up to n coefficients are
// different polynomials and agree at no more than n points: whoever does not know a point writes
// ids that collide there with chance n / 2^61 (Carter and Wegman, Universal classes of hash
// functions, 1979).
class Fingerprint {
 public:
  Fingerprint() : points_{draw(), draw()} {}

  IdHash operator()(const TrialId& id) const {
    Values values{};
    add(id.utterance, values);
    if (!id.claim.empty()) add(id.claim, values);
    for (uint64_t& value : values) value = value < kPrime ? value : value - kPrime;
    const uint64_t hash = spread(values[0]);
    return {static_cast<uint32_t>(hash >> 32), static_cast<uint32_t>(hash),
            static_cast<uint32_t>(values[1])};
  }

 private:
  __extension__ using Product = unsigned __int128;
  using Values = std::array<uint64_t, 2>;

  static constexpr uint64_t kPrime = (uint64_t{1} << 61) - 1;
  static constexpr size_t kStep = 7;  // bytes
  static constexpr uint64_t kStepMask = (uint64_t{1} << 8 * kStep) - 1;

  static uint64_t draw() {
    std::random_device random;
    return 1 + (uint64_t{random()} << 32 | random()) % (kPrime - 1);
  }

  static uint64_t word_at(const char* bytes) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }

  // Can be undone, so different hashes stay different.
  static uint64_t spread(uint64_t hash) {
    hash *= 0x9E3779B97F4A7C15;
    return hash ^ (hash >> 32);
  }

  void add(std::string_view text, Values& values) const {
    step(text.size() + 1, values);  // never 0: no coefficient at the front gets lost
    if (text.size() <= kStep) {
      uint64_t word = 0;
      for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
      return step(word, values);
    }
    // The last step reaches back over bytes already read.
    const char* const last = text.data() + text.size() - sizeof(uint64_t);
    for (const char* at = text.data(); at <= last; at += kStep) {
      step(word_at(at) & kStepMask, values);
    }
    step(word_at(last) >> 8, values);
  }

  // Modulo the prime, but for a few units above it.
  void step(uint64_t coefficient, Values& values) const {
    for (size_t i = 0; i < values.size(); ++i) {
      const Product product = Product{values[i] + coefficient} * points_[i];
      const uint64_t sum =
          (static_cast<uint64_t>(product) & kPrime) + static_cast<uint64_t>(product >> 61);
      values[i] = (sum & kPrime) + (sum >> 61);
    }
  }

  Values points_;
};

// The rows of two lists, those of the left one first.
class Rows {
 public:
  Rows(const TrialIds& left, const TrialIds& right) : left_(left), right_(right) {
    if (size() >= kNoRow) throw Error("more than four thousand million trials");
  }

  size_t size() const { return left_.size() + right_.size(); }
  TrialId operator[](size_t row) const {
    return row < left_.size() ? left_[row] : right_[row - left_.size()];
  }

 private:
  const TrialIds& left_;
  const TrialIds& right_;
};

// Rows dealt out by the upper bits of their hashes, ascending in each part.
class Parts {
 public:
  // For about so many rows. All parts lie in one piece of memory until one outgrows its share.
  Parts(size_t count, size_t rows)
      : share_(rows / count + rows / count / 8 + 1),
        memory_(std::make_unique_for_overwrite<Entry[]>(count * share_)),
        resource_(memory_.get(), count * share_ * sizeof(Entry)),
        parts_(count, std::pmr::vector<Entry>(&resource_)) {}

  void add(const IdHash& id, uint32_t row) {
    std::pmr::vector<Entry>& part = parts_[(id.part * parts_.size()) >> 32];
    if (part.capacity() == 0) part.reserve(share_);
    part.push_back({id.hash, id.check, row});
  }
  std::span<const Entry> operator[](size_t part) const { return parts_[part]; }

 private:
  size_t share_;
  std::unique_ptr<Entry[]> memory_;
  std::pmr::monotonic_buffer_resource resource_;
  std::vector<std::pmr::vector<Entry>> parts_;
};

// Matches the rows of one part after another. `right_row` is shared: each part has rows of its own.
class Matcher {
 public:
  Matcher(size_t left_rows, std::vector<uint32_t>& right_row)
      : left_rows_(left_rows), right_row_(right_row) {}

  void match(std::span<const Entry> part) {
    slots_.assign(std::bit_ceil(2 * part.size() + 1), kNoRow);
    const size_t before = left_repeated_.size();
    for (uint32_t i = 0; i < part.size(); ++i) {
      const uint32_t first = first_with_id_of(part, i);
      if (part[i].row < left_rows_) {
        if (first != i) left_repeated_.push_back({part[i].row, part[first].row});
      } else {
        match_right(part[i].row, part[first].row);
      }
    }
    for (size_t i = before; i < left_repeated_.size(); ++i) {
      right_row_[left_repeated_[i].row] = right_row_[left_repeated_[i].first];
    }
  }

  void append_to(IdMatch& match) const {
    for (const Repetition& r : left_repeated_) match.left_repeated.push_back(r.row);
    match.right_alone.insert(match.right_alone.end(), right_alone_.begin(), right_alone_.end());
    match.right_repeated.insert(match.right_repeated.end(), right_repeated_.begin(),
                                right_repeated_.end());
  }

 private:
  struct Repetition {
    uint32_t row;
    uint32_t first;  // left row with the same id
  };

  uint32_t first_with_id_of(std::span<const Entry> part, uint32_t i) {
    const size_t mask = slots_.size() - 1;
    size_t at = part[i].hash & mask;
    while (slots_[at] != kNoRow && !part[slots_[at]].same_id(part[i])) at = (at + 1) & mask;
    if (slots_[at] == kNoRow) slots_[at] = i;
    return slots_[at];
  }

  // Rows of both lists counted through: `first` is the first with the id of `row`.
  void match_right(uint32_t row, uint32_t first) {
    const auto right = static_cast<uint32_t>(row - left_rows_);
    const bool alone = first >= left_rows_;
    if (alone) right_alone_.push_back(right);
    if (alone ? first != row : right_row_[first] != kNoRow) {
      right_repeated_.push_back(right);
    } else if (!alone) {
      right_row_[first] = right;
    }
  }

  size_t left_rows_;
  std::vector<uint32_t>& right_row_;
  std::vector<uint32_t> slots_;  // places in the part
  std::vector<Repetition> left_repeated_;
  std::vector<uint32_t> right_alone_;
  std::vector<uint32_t> right_repeated_;
};

}  // namespace

IdMatch match_ids(const TrialIds& left, const TrialIds& right) {
  const Rows rows(left, right);
  IdMatch match;
  match.right_row.assign(left.size(), kNoRow);
  const size_t threads = threads_for(rows.size());
  const size_t parts = std::clamp<size_t>(std::bit_ceil(rows.size() / kRowsOfPart), 1, kMostParts);

  std::deque<Parts> dealt;  // by each thread
  while (dealt.size() < threads) dealt.emplace_back(parts, rows.size() / threads);
  const Fingerprint fingerprint;
  split_work(rows.size(), threads, [&](size_t thread, size_t first, size_t last) {
    for (size_t row = first; row < last; ++row) {
      dealt[thread].add(fingerprint(rows[row]), static_cast<uint32_t>(row));
    }
  });

  std::vector<Matcher> matchers(threads, Matcher(left.size(), match.right_row));
  split_work(parts, threads, [&](size_t thread, size_t first, size_t last) {
    std::vector<Entry> part_rows;
    for (size_t part = first; part < last; ++part) {
      part_rows.clear();
      for (const Parts& some : dealt) {
        part_rows.insert(part_rows.end(), some[part].begin(), some[part].end());
      }
      matchers[thread].match(part_rows);
    }
  });
  for (const Matcher& matcher : matchers) matcher.append_to(match);
  for (auto* list : {&match.left_repeated, &match.right_alone, &match.right_repeated}) {
    std::sort(list->begin(), list->end());
  }
  return match;
}

std::vector<uint32_t> repeated_ids(const TrialIds& ids) { return match_ids(ids, {}).left_repeated; }

}  // namespace bonafide
