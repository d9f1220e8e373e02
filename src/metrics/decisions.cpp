#include "metrics/decisions.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {

namespace {

std::optional<double> share(size_t part, size_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

size_t accepted(std::span<const double> scores, double threshold) {
  return static_cast<size_t>(
      std::count_if(scores.begin(), scores.end(), [&](double s) { return s >= threshold; }));
}

bool has_nan(std::span<const double> scores) {
  return std::any_of(scores.begin(), scores.end(), [](double s) { return std::isnan(s); });
}

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

}  // namespace

std::optional<double> Decisions::miss() const {
  return share(bona_fide - bona_fide_accepted, bona_fide);
}

std::optional<double> Decisions::false_alarm() const { return share(spoof_accepted, spoof); }

double Decisions::accuracy() const {
  return *share(bona_fide_accepted + spoof - spoof_accepted, bona_fide + spoof);
}

std::optional<double> Decisions::balanced_accuracy() const {
  if (!miss() || !false_alarm()) return std::nullopt;
  return 1 - (*miss() + *false_alarm()) / 2;
}

Json Decisions::to_json() const {
  return {{"threshold", threshold},
          {"accuracy", accuracy()},
          {"balanced_accuracy", number(balanced_accuracy())},
          {"bona_fide_rejected", number(miss())},
          {"spoof_accepted", number(false_alarm())}};
}

Decisions decide(std::span<const double> bona_fide, std::span<const double> spoof,
                 double threshold) {
  if (bona_fide.empty() && spoof.empty()) throw Error("no trials to decide on");
  if (has_nan(bona_fide) || has_nan(spoof) || std::isnan(threshold)) {
    throw Error("scores hold NaN");
  }
  return {threshold, bona_fide.size(), spoof.size(), accepted(bona_fide, threshold),
          accepted(spoof, threshold)};
}

}  // namespace bonafide
