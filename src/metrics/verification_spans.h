#pragma once

#include <span>

namespace bonafide {

// The scores of verification trials by class; they lie elsewhere.
struct VerificationSpans {
  std::span<const double> target;
  std::span<const double> nontarget;
  std::span<const double> spoof;
};

}  // namespace bonafide
