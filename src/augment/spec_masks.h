#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/random.h"

namespace bonafide {

// SpecAugment (Park et al. 2019): stretches of a spectrogram set to 0. Plain row-major arrays, so
// that loaders and networks can share the rules. The draws are structures of their own.

struct Mask {
  size_t start = 0;
  size_t width = 0;
};

// A spectrogram, rows x columns, row after row.
struct Spectrogram {
  std::span<float> values;
  size_t rows = 0;
  size_t columns = 0;
};

// Parts of a mask beyond the spectrogram mask nothing.
void mask_rows(const Spectrogram& spectrogram, Mask mask);
void mask_columns(const Spectrogram& spectrogram, Mask mask);

// LCNN (863 x T, frequency first): a width of 0 .. most, then a start of 0 .. size - width, bounds
// inclusive. The width never exceeds the size, where the published code raises.
Mask draw_lcnn_mask(size_t most, size_t size, Random& random);

// NeMo's vectorised variant (TitaNet), from uniform draws in [0, 1) in float, as the published code
// computes. Time: width floor(u1 min(share * length, frames)), start floor(u2 (length - width)).
Mask nemo_time_mask(float width_draw, float start_draw, size_t length, size_t frames, float share);
// Frequency: width floor(u3 most), start floor(u4 (bins - width)).
Mask nemo_frequency_mask(float width_draw, float start_draw, size_t bins, size_t most);

// SASV: for a batch of items one mask each. Widths are uniform in 0 .. most - 1, starts in
// 0 .. max(1, size - widest) - 1 where `widest` is the largest width of the batch.
std::vector<Mask> draw_sasv_masks(size_t items, size_t most, size_t size, Random& random);

}  // namespace bonafide
