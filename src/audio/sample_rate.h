#pragma once

namespace bonafide {

// The sampling rates, in Hz, of recordings and of models.
inline constexpr int kLowestRate = 4000, kHighestRate = 768000;

}  // namespace bonafide
