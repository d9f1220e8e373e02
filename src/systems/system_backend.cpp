#include "systems/system_backend.h"

namespace bonafide {

std::vector<Opinion> SystemBackend::run(std::span<const float> windows, size_t count) {
  const torch::NoGradGuard no_grad;
  system_.module().eval();
  const auto rows = static_cast<int64_t>(count);
  const auto columns = static_cast<int64_t>(windows.size() / count);
  const auto wave = torch::from_blob(const_cast<float*>(windows.data()), {rows, columns});
  const Outcome outcome = system_.run({wave.to(device_, dtype_), {}});
  const auto scores = system_.scores(outcome).to(torch::kCPU, torch::kFloat64).contiguous();
  const auto embeddings = outcome.embedding.to(torch::kCPU, torch::kFloat32).contiguous();

  std::vector<Opinion> opinions(count);
  for (int64_t i = 0; i < rows; ++i) {
    Opinion& opinion = opinions[static_cast<size_t>(i)];
    opinion.score = scores.data_ptr<double>()[i];
    const float* row = embeddings.data_ptr<float>() + i * embeddings.size(1);
    opinion.embedding.assign(row, row + embeddings.size(1));
  }
  return opinions;
}

}  // namespace bonafide
