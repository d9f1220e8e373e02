#include "features/spec_augment.h"

#include "base/error.h"

namespace bonafide {

namespace {

void hide(torch::Tensor& map, int64_t axis, const Mask& mask) {
  const auto length = static_cast<size_t>(map.size(axis));
  if (mask.start > length || mask.width > length - mask.start) {
    throw Error("a mask reaches beyond the spectrogram");
  }
  map.narrow(axis, static_cast<int64_t>(mask.start), static_cast<int64_t>(mask.width)).zero_();
}

}  // namespace

torch::Tensor masked(const torch::Tensor& map, const Mask& rows, const Mask& frames) {
  auto copy = map.clone();
  hide(copy, 0, rows);
  hide(copy, 1, frames);
  return copy;
}

}  // namespace bonafide
