#include "metrics/resampler.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace bonafide {

namespace {

// Numbers below n (< 2^32) by multiplication, two from each 64 bits. The bias, below n / 2^32, is
// far below the noise of any bootstrap; Random::below would take five times as long.
template <typename Visit>
void draw_below(Random& random, uint32_t n, size_t times, Visit visit) {
  const auto scale = [n](uint64_t half) { return static_cast<uint32_t>(half * n >> 32); };
  for (size_t i = 0; i + 1 < times; i += 2) {
    const uint64_t bits = random.bits();
    visit(scale(bits >> 32));
    visit(scale(bits & 0xFFFFFFFF));
  }
  if (times % 2 != 0) visit(scale(random.bits() >> 32));
}

class Plain : public Resampler {
 public:
  void draw(Random& random, std::span<uint32_t> copies) const override {
    std::fill(copies.begin(), copies.end(), 0);
    draw_below(random, static_cast<uint32_t>(copies.size()), copies.size(),
               [&](uint32_t trial) { ++copies[trial]; });
  }
};

// The trials of each group, one after another.
struct Groups {
  std::vector<uint32_t> trials;
  std::vector<uint32_t> start;  // of each group, and the end

  size_t count() const { return start.size() - 1; }
  std::span<const uint32_t> group(size_t g) const {
    return std::span(trials).subspan(start[g], start[g + 1] - start[g]);
  }
};

template <typename Code>
Groups group_by(std::span<const Code> codes) {
  if (codes.empty()) throw Error("no trials to draw from");
  Groups groups;
  const size_t count = static_cast<size_t>(*std::max_element(codes.begin(), codes.end())) + 1;
  groups.start.assign(count + 1, 0);
  for (const Code code : codes) ++groups.start[code + size_t{1}];
  std::partial_sum(groups.start.begin(), groups.start.end(), groups.start.begin());
  groups.trials.resize(codes.size());
  std::vector<uint32_t> next(groups.start.begin(), groups.start.end() - 1);
  for (uint32_t trial = 0; trial < codes.size(); ++trial) {
    groups.trials[next[codes[trial]]++] = trial;
  }
  return groups;
}

class Stratified : public Resampler {
 public:
  explicit Stratified(std::span<const uint8_t> stratum) : groups_(group_by(stratum)) {}

  void draw(Random& random, std::span<uint32_t> copies) const override {
    std::fill(copies.begin(), copies.end(), 0);
    for (size_t g = 0; g < groups_.count(); ++g) {
      const auto trials = groups_.group(g);
      draw_below(random, static_cast<uint32_t>(trials.size()), trials.size(),
                 [&](uint32_t i) { ++copies[trials[i]]; });
    }
  }

 private:
  Groups groups_;
};

class Clustered : public Resampler {
 public:
  Clustered(std::span<const uint32_t> cluster, ClusterDraws draws)
      : groups_(group_by(cluster)), draws_(draws) {
    for (uint32_t g = 0; g < groups_.count(); ++g) {
      if (!groups_.group(g).empty()) present_.push_back(g);
    }
  }

  void draw(Random& random, std::span<uint32_t> copies) const override {
    std::fill(copies.begin(), copies.end(), 0);
    std::vector<uint32_t> times(present_.size(), 0);
    const Random seeded = random;
    draw_below(random, static_cast<uint32_t>(present_.size()), present_.size(),
               [&](uint32_t i) { ++times[i]; });
    for (size_t i = 0; i < present_.size(); ++i) {
      if (times[i] == 0) continue;
      const auto trials = groups_.group(present_[i]);
      if (draws_ == ClusterDraws::kReseeded) random = seeded;
      draw_below(random, static_cast<uint32_t>(trials.size()), trials.size(),
                 [&](uint32_t k) { copies[trials[k]] += times[i]; });
    }
  }

 private:
  Groups groups_;
  ClusterDraws draws_;
  std::vector<uint32_t> present_;  // codes that a trial has
};

class Joint : public Resampler {
 public:
  Joint(std::span<const uint32_t> first, std::span<const uint32_t> second)
      : first_(first.begin(), first.end()), second_(second.begin(), second.end()) {
    if (first.empty() || first.size() != second.size()) throw Error("no trials to draw from");
    speakers_ = std::max(*std::max_element(first.begin(), first.end()),
                         *std::max_element(second.begin(), second.end())) +
                1;
  }

  void draw(Random& random, std::span<uint32_t> copies) const override {
    std::vector<uint32_t> times(speakers_, 0);
    draw_below(random, speakers_, speakers_, [&](uint32_t speaker) { ++times[speaker]; });
    for (size_t i = 0; i < copies.size(); ++i) {
      const uint32_t one = times[first_[i]];
      copies[i] = first_[i] == second_[i] ? one : one * times[second_[i]];
    }
  }

 private:
  std::vector<uint32_t> first_;
  std::vector<uint32_t> second_;
  uint32_t speakers_ = 0;
};

}  // namespace

std::unique_ptr<Resampler> plain_resampler() { return std::make_unique<Plain>(); }

std::unique_ptr<Resampler> stratified_resampler(std::span<const uint8_t> stratum) {
  return std::make_unique<Stratified>(stratum);
}

std::unique_ptr<Resampler> clustered_resampler(std::span<const uint32_t> cluster,
                                               ClusterDraws draws) {
  return std::make_unique<Clustered>(cluster, draws);
}

std::unique_ptr<Resampler> joint_resampler(std::span<const uint32_t> first,
                                           std::span<const uint32_t> second) {
  return std::make_unique<Joint>(first, second);
}

}  // namespace bonafide
