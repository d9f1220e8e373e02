#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/ranking.h"

namespace bonafide {

// Equal error rate, a fraction, and the threshold it belongs to.
struct Eer {
  double value = 0;
  double threshold = 0;
};

// How the field's tools find the point of equal error rates. They differ where the rates jump past
// each other and where scores are tied.
enum class EerVariant {
  kDet,        // ASVspoof 2019, 2021, 5: nearest point of det.h, mean of its rates
  kBrentq,     // SASV challenge: interpolated crossing of the curve with merged ties
  kDetCurve,   // RAT: nearest point of scikit-learn's det_curve, mean of its rates
  kVox,        // VoxCeleb trainers: nearest point of scikit-learn's roc_curve, the larger rate
  kArena,      // Speech Anti-Spoofing Arena: interpolation at the first sign change
  kRocch,      // BOSARIS, ASVspoof 2015 and 2017: on the convex hull; never above 50 %
  kWespeaker,  // WeSpeaker: interpolation between neighbours; depends on the order of tied scores
};

// The variants that the command line offers, in the order above.
struct NamedEerVariant {
  std::string_view name;  // "det"
  EerVariant variant;
  std::string_view summary;
};
const std::vector<NamedEerVariant>& eer_variants();

// Throws UsageError for a name that is not in the table.
EerVariant parse_eer_variant(std::string_view name);
std::string_view name_of(EerVariant variant);

// Throws Error for scores that the variant's tool refuses (NaN or infinity where it says so).
Eer equal_error_rate(EerVariant variant, const Ranking& ranking);

// The official EER of the ASVspoof challenges. Takes any scores; NaN ranks highest, as in numpy.
Eer det_eer(const Ranking& ranking);
Eer det_eer(std::span<const double> bona_fide, std::span<const double> spoof);

}  // namespace bonafide
