#include "features/frames.h"

#include "base/error.h"

namespace bonafide {

namespace {

torch::Tensor frames_from(const torch::Tensor& map, int64_t start, int64_t frames) {
  const int64_t there = map.size(1);
  if (there == 0) throw Error("a map without frames");
  if (there >= frames) return map.narrow(1, start, frames).contiguous();
  return map.repeat({1, frames / there + 1}).narrow(1, 0, frames).contiguous();
}

}  // namespace

torch::Tensor first_frames(const torch::Tensor& map, int64_t frames) {
  return frames_from(map, 0, frames);
}

torch::Tensor random_frames(const torch::Tensor& map, int64_t frames, Random& random) {
  const int64_t starts = std::max<int64_t>(map.size(1) - frames, 0) + 1;
  return frames_from(map, static_cast<int64_t>(random.below(static_cast<uint64_t>(starts))),
                     frames);
}

}  // namespace bonafide
