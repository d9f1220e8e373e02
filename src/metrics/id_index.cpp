#include "metrics/id_index.h"

#include <bit>
#include <cstring>

#include "base/error.h"

namespace bonafide {

namespace {

// Eight bytes a step; good enough for ids, and much faster than one byte a step.
uint64_t mix(uint64_t hash, std::string_view text) {
  constexpr uint64_t kFactor = 0x9E3779B97F4A7C15;
  while (!text.empty()) {
    uint64_t word = 0;
    const size_t taken = text.size() < sizeof word ? text.size() : sizeof word;
    std::memcpy(&word, text.data(), taken);
    hash = (hash ^ word ^ (uint64_t{taken} << 60)) * kFactor;
    hash ^= hash >> 32;
    text.remove_prefix(taken);
  }
  return hash;
}

uint64_t hash_of(const TrialId& id) {
  return mix(mix(0x243F6A8885A308D3, id.utterance) + 1, id.claim);
}

}  // namespace

IdIndex::IdIndex(std::span<const TrialId> ids) : ids_(ids) {
  if (ids.size() >= kNone / 2) throw Error("more than two thousand million trials in one file");
  slots_.resize(std::bit_ceil(2 * ids.size() + 1));
  const size_t mask = slots_.size() - 1;
  for (uint32_t row = 0; row < ids.size(); ++row) {
    const uint64_t hash = hash_of(ids[row]);
    const auto tag = static_cast<uint32_t>(hash >> 32);
    size_t at = hash & mask;
    while (slots_[at].row != kNone && !(slots_[at].tag == tag && ids[slots_[at].row] == ids[row])) {
      at = (at + 1) & mask;
    }
    if (slots_[at].row == kNone) {
      slots_[at] = {tag, row};
    } else {
      duplicates_.push_back(row);
    }
  }
}

uint32_t IdIndex::lookup(const TrialId& id, uint64_t hash) const {
  const size_t mask = slots_.size() - 1;
  const auto tag = static_cast<uint32_t>(hash >> 32);
  for (size_t at = hash & mask; slots_[at].row != kNone; at = (at + 1) & mask) {
    if (slots_[at].tag == tag && ids_[slots_[at].row] == id) return slots_[at].row;
  }
  return kNone;
}

uint32_t IdIndex::find(const TrialId& id, uint32_t hint) const {
  if (hint < ids_.size() && ids_[hint] == id) return hint;
  return lookup(id, hash_of(id));
}

}  // namespace bonafide
