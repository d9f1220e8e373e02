#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace bonafide {

// The scores of one class of trials; the name goes into messages.
struct ScoredClass {
  std::string_view name;
  std::span<const double> scores;
};

// Whether a class of a ranking may have no trials: then only figures that do without it exist.
enum class EmptyClasses { kRefused, kAllowed };

// Trials of two or three classes in ascending order of score. Equal scores keep the order of the
// classes and NaN comes last: numpy's stable sort over the classes one after another, from which
// the ASVspoof tools build every curve. Class 0 is the positive one (bona fide, target); higher
// scores mean more positive.
class Ranking {
 public:
  static constexpr size_t kMaxClasses = 3;

  // Throws Error when a class that needs trials has none, and without any trial.
  explicit Ranking(std::initializer_list<ScoredClass> classes,
                   EmptyClasses empty = EmptyClasses::kRefused);
  Ranking(std::span<const double> bona_fide, std::span<const double> spoof);

  size_t size() const { return scores_.size(); }
  size_t count(size_t class_index) const { return counts_[class_index]; }
  size_t positives() const { return counts_[0]; }
  size_t negatives() const { return size() - counts_[0]; }

  double score(size_t rank) const { return scores_[rank]; }
  uint8_t class_of(size_t rank) const { return classes_[rank]; }
  bool positive(size_t rank) const { return classes_[rank] == 0; }

  bool has_nan() const;
  bool has_infinity() const;

  // Each trial as often as `copies` says, by rank. Classes may be left without trials.
  Ranking with_copies(std::span<const uint32_t> copies) const;
  // The same trials but for one class.
  Ranking without(size_t class_index) const;

 private:
  Ranking() = default;

  std::vector<double> scores_;
  std::vector<uint8_t> classes_;
  std::array<size_t, kMaxClasses> counts_{};
};

// For each rank the index of its trial in the classes put one after another.
std::vector<uint32_t> ranking_order(std::initializer_list<ScoredClass> classes);

// Calls visit(score, first, last) for every distinct score in ascending order; its trials are the
// ranks first .. last - 1.
template <typename Visit>
void for_each_distinct(const Ranking& ranking, Visit visit) {
  for (size_t first = 0; first < ranking.size();) {
    size_t last = first + 1;
    while (last < ranking.size() && ranking.score(last) == ranking.score(first)) ++last;
    visit(ranking.score(first), first, last);
    first = last;
  }
}

}  // namespace bonafide
