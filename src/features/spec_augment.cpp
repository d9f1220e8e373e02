#include "features/spec_augment.h"

#include <algorithm>

#include "base/error.h"

namespace bonafide {

Mask draw_mask(int64_t length, int64_t widest, Random& random) {
  const auto up_to = [&](int64_t most) {
    return static_cast<int64_t>(random.below(static_cast<uint64_t>(most) + 1));
  };
  Mask mask;
  mask.width = std::min(up_to(widest), length);
  mask.start = up_to(length - mask.width);
  return mask;
}

torch::Tensor masked(const torch::Tensor& map, const Mask& rows, const Mask& frames) {
  const auto within = [](const Mask& mask, int64_t length) {
    return mask.start >= 0 && mask.width >= 0 && mask.start + mask.width <= length;
  };
  if (!within(rows, map.size(0)) || !within(frames, map.size(1))) {
    throw Error("a mask reaches beyond the spectrogram");
  }
  auto copy = map.clone();
  copy.narrow(0, rows.start, rows.width).zero_();
  copy.narrow(1, frames.start, frames.width).zero_();
  return copy;
}

}  // namespace bonafide
