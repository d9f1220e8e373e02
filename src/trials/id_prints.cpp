#include "trials/id_prints.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <random>
#include <string_view>

namespace bonafide {

namespace {

constexpr size_t kRowsOfPart = 4096;
constexpr size_t kMostParts = 4096;

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

size_t parts_for(size_t rows) {
  return std::clamp<size_t>(std::bit_ceil(rows / kRowsOfPart), 1, kMostParts);
}

}  // namespace

IdPrints::IdPrints(size_t expected_rows)
    : share_((expected_rows + expected_rows / 8) / parts_for(expected_rows) + 1),
      memory_(std::make_unique_for_overwrite<Entry[]>(parts_for(expected_rows) * share_)),
      parts_(parts_for(expected_rows)) {}

IdPrints::IdPrints(const TrialIds& ids) : IdPrints(ids.size()) {
  for (size_t row = 0; row < ids.size(); ++row) add(ids[row]);
}

void IdPrints::add(const TrialId& id) {
  static const Fingerprint fingerprint;
  const IdHash hash = fingerprint(id);
  const size_t at = (hash.part * parts_.size()) >> 32;
  Part& part = parts_[at];
  const Entry entry{hash.hash, hash.check, static_cast<uint32_t>(rows_++)};
  if (part.rows < share_) {
    memory_[at * share_ + part.rows] = entry;
  } else {
    part.more.push_back(entry);
  }
  ++part.rows;
}

void IdPrints::append_part(size_t part, size_t parts, std::vector<Entry>& rows) const {
  const size_t each = parts_.size() / parts;
  for (size_t at = part * each; at < (part + 1) * each; ++at) {
    const Entry* const first = &memory_[at * share_];
    rows.insert(rows.end(), first, first + std::min(parts_[at].rows, share_));
    rows.insert(rows.end(), parts_[at].more.begin(), parts_[at].more.end());
  }
}

}  // namespace bonafide
