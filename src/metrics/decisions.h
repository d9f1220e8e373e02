#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "base/json.h"

namespace bonafide {

// What a threshold makes of scores: those at or above it are called bona fide. One class may be
// empty; a rate of a class without trials is nothing.
struct Decisions {
  double threshold = 0;
  size_t bona_fide = 0;
  size_t spoof = 0;
  size_t bona_fide_accepted = 0;
  size_t spoof_accepted = 0;

  std::optional<double> miss() const;         // share of the bona fide trials that are rejected
  std::optional<double> false_alarm() const;  // of the spoofs that are accepted: 1 - SRR
  double accuracy() const;                    // share of right decisions
  std::optional<double> balanced_accuracy() const;  // mean over both classes

  Json to_json() const;
};

// Throws Error without any trial, and for NaN.
Decisions decide(std::span<const double> bona_fide, std::span<const double> spoof,
                 double threshold);

}  // namespace bonafide
