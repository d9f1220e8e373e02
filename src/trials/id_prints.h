#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "trials/trial_ids.h"

namespace bonafide {

// What the ids of many trials are compared by: fingerprints, twelve bytes a trial. They are made
// while a file is read, so that no id is looked at twice or kept. The fingerprints of two lists can
// be compared within one run of the program, whose random numbers they depend on.
//
// A million ids in the order of the files would miss the caches with every step of a hash table:
// some hundred nanoseconds a trial. So the rows are dealt out by their fingerprints to parts that
// fit into the cache, and each part is matched on its own.
class IdPrints {
 public:
  // A row with 64 bits of its id's fingerprint; the part says up to 12 more. Rows of a part with
  // the same fingerprint count as the same id. For twenty million trials with ids of a hundred
  // bytes, the chance that any two err is below 1e-6, for a million with short ids below 1e-8.
  struct Entry {
    uint32_t hash;
    uint32_t check;
    uint32_t row;

    bool same_id(const Entry& other) const { return hash == other.hash && check == other.check; }
  };

  // For about so many rows: how many parts there are, and memory for them in one piece.
  explicit IdPrints(size_t expected_rows = 0);
  explicit IdPrints(const TrialIds& ids);

  // The next row's.
  void add(const TrialId& id);

  size_t size() const { return rows_; }
  bool empty() const { return rows_ == 0; }

  // A power of two.
  size_t parts() const { return parts_.size(); }
  // Appends the rows of a part when all are dealt out to `parts`, no more than there are. Rows of
  // the same id ascend.
  void append_part(size_t part, size_t parts, std::vector<Entry>& rows) const;

 private:
  struct Part {
    size_t rows = 0;
    std::vector<Entry> more;  // beyond the part's share of the memory
  };

  size_t rows_ = 0;
  size_t share_;  // rows of a part
  std::unique_ptr<Entry[]> memory_;
  std::vector<Part> parts_;
};

}  // namespace bonafide
