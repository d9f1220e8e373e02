#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "metrics/trial_table.h"

namespace bonafide {

// Finds trials by their identity, in constant time and without allocation per trial.
class IdIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // `ids` must outlive the index.
  explicit IdIndex(std::span<const TrialId> ids);

  // The row with this id, or kNone. `hint` is tried first: files are mostly in the same order.
  uint32_t find(const TrialId& id, uint32_t hint = kNone) const;

  // Rows whose id stands in an earlier row too.
  std::span<const uint32_t> duplicates() const { return duplicates_; }

 private:
  struct Slot {
    uint32_t tag = 0;  // the upper bits of the hash
    uint32_t row = kNone;
  };

  uint32_t lookup(const TrialId& id, uint64_t hash) const;

  std::span<const TrialId> ids_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> duplicates_;
};

}  // namespace bonafide
