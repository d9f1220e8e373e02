#include "augment/spec_masks.h"

#include <algorithm>
#include <cmath>

namespace bonafide {

void mask_rows(const Spectrogram& spectrogram, Mask mask) {
  const size_t begin = std::min(mask.start, spectrogram.rows);
  const size_t count = std::min(mask.width, spectrogram.rows - begin);
  const auto rows =
      spectrogram.values.subspan(begin * spectrogram.columns, count * spectrogram.columns);
  std::fill(rows.begin(), rows.end(), 0.0f);
}

void mask_columns(const Spectrogram& spectrogram, Mask mask) {
  const size_t begin = std::min(mask.start, spectrogram.columns);
  const size_t count = std::min(mask.width, spectrogram.columns - begin);
  for (size_t row = 0; row < spectrogram.rows; ++row) {
    const auto part = spectrogram.values.subspan(row * spectrogram.columns + begin, count);
    std::fill(part.begin(), part.end(), 0.0f);
  }
}

Mask draw_lcnn_mask(size_t most, size_t size, Random& random) {
  Mask mask;
  mask.width = random.below(std::min(most, size) + 1);
  mask.start = random.below(size - mask.width + 1);
  return mask;
}

Mask nemo_time_mask(float width_draw, float start_draw, size_t length, size_t frames, float share) {
  const auto valid = static_cast<float>(length);
  const float widest = std::min(share * valid, static_cast<float>(frames));
  const float width = std::floor(width_draw * widest);
  const float room = std::max(0.0f, valid - width);
  return {static_cast<size_t>(start_draw * room), static_cast<size_t>(width)};
}

Mask nemo_frequency_mask(float width_draw, float start_draw, size_t bins, size_t most) {
  const float width = std::floor(width_draw * static_cast<float>(most));
  const float room = std::max(0.0f, static_cast<float>(bins) - width);
  return {static_cast<size_t>(start_draw * room), static_cast<size_t>(width)};
}

std::vector<Mask> draw_sasv_masks(size_t items, size_t most, size_t size, Random& random) {
  std::vector<Mask> masks(items);
  size_t widest = 0;
  for (Mask& mask : masks) {
    mask.width = random.below(std::max<size_t>(1, most));
    widest = std::max(widest, mask.width);
  }
  const size_t starts = size > widest ? size - widest : 1;
  for (Mask& mask : masks) mask.start = random.below(starts);
  return masks;
}

}  // namespace bonafide
