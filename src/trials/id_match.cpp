#include "trials/id_match.h"

#include <algorithm>
#include <bit>
#include <span>

#include "base/error.h"
#include "base/split_work.h"

namespace bonafide {

namespace {

using Entry = IdPrints::Entry;

// Matches the rows of one part after another. `right_row` is shared: each part has rows of its own.
class Matcher {
 public:
  explicit Matcher(std::vector<uint32_t>& right_row) : right_row_(right_row) {}

  void match(const IdPrints& left, const IdPrints& right, size_t part, size_t parts) {
    rows_.clear();
    left.append_part(part, parts, rows_);
    const size_t left_rows = rows_.size();
    right.append_part(part, parts, rows_);
    slots_.assign(std::bit_ceil(2 * rows_.size() + 1), kNoRow);

    const size_t before = left_repeated_.size();
    for (uint32_t i = 0; i < left_rows; ++i) {
      const uint32_t first = first_with_id_of(i);
      if (first != i) left_repeated_.push_back({rows_[i].row, rows_[first].row});
    }
    for (auto i = static_cast<uint32_t>(left_rows); i < rows_.size(); ++i) {
      const uint32_t first = first_with_id_of(i);
      if (first < left_rows) {
        pair(rows_[first].row, rows_[i].row);
      } else {
        right_alone_.push_back(rows_[i].row);
        if (first != i) right_repeated_.push_back(rows_[i].row);
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

  uint32_t first_with_id_of(uint32_t i) {
    const size_t mask = slots_.size() - 1;
    size_t at = rows_[i].hash & mask;
    while (slots_[at] != kNoRow && !rows_[slots_[at]].same_id(rows_[i])) at = (at + 1) & mask;
    if (slots_[at] == kNoRow) slots_[at] = i;
    return slots_[at];
  }

  void pair(uint32_t left, uint32_t right) {
    if (right_row_[left] == kNoRow) {
      right_row_[left] = right;
    } else {
      right_repeated_.push_back(right);
    }
  }

  std::vector<uint32_t>& right_row_;
  std::vector<Entry> rows_;      // of the part, those of the left list first
  std::vector<uint32_t> slots_;  // places in rows_
  std::vector<Repetition> left_repeated_;
  std::vector<uint32_t> right_alone_;
  std::vector<uint32_t> right_repeated_;
};

}  // namespace

IdMatch match_ids(const IdPrints& left, const IdPrints& right) {
  const size_t rows = left.size() + right.size();
  if (rows >= kNoRow) throw Error("more than four thousand million trials");
  IdMatch match;
  match.right_row.assign(left.size(), kNoRow);
  const size_t threads = threads_for(rows);
  const size_t parts = std::min(left.parts(), right.parts());
  std::vector<Matcher> matchers(threads, Matcher(match.right_row));
  split_work(parts, threads, [&](size_t thread, size_t first, size_t last) {
    for (size_t part = first; part < last; ++part) {
      matchers[thread].match(left, right, part, parts);
    }
  });
  for (const Matcher& matcher : matchers) matcher.append_to(match);
  for (auto* list : {&match.left_repeated, &match.right_alone, &match.right_repeated}) {
    std::sort(list->begin(), list->end());
  }
  return match;
}

std::vector<uint32_t> repeated_ids(const IdPrints& ids) {
  return match_ids(ids, IdPrints(ids.size())).left_repeated;
}

}  // namespace bonafide
