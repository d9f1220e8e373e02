#include "systems/system_backend.h"

#include <fmt/format.h>

#include "base/error.h"

namespace bonafide {

std::vector<Opinion> SystemBackend::run(std::span<const std::vector<float>> windows) {
  const torch::NoGradGuard no_grad;
  system_.module().eval();
  std::vector<NetworkInput> inputs;
  for (const auto& window : windows) inputs.push_back(frontend_.for_scoring(window));
  const Outcome outcome = system_.run({stack(inputs).to(device_, dtype_), {}});
  const auto scores = system_.scores(outcome).to(torch::kCPU, torch::kFloat64).contiguous();
  const auto embeddings = outcome.embedding.to(torch::kCPU, torch::kFloat32).contiguous();

  const auto rows = static_cast<int64_t>(windows.size());
  if (scores.dim() != 1 || scores.size(0) != rows || embeddings.dim() != 2 ||
      embeddings.size(0) != rows) {
    throw Error(fmt::format("{} windows of audio were answered with scores of shape {}", rows,
                            c10::str(scores.sizes())));
  }
  std::vector<Opinion> opinions(windows.size());
  for (int64_t i = 0; i < rows; ++i) {
    Opinion& opinion = opinions[static_cast<size_t>(i)];
    opinion.score = scores.data_ptr<double>()[i];
    const float* row = embeddings.data_ptr<float>() + i * embeddings.size(1);
    opinion.embedding.assign(row, row + embeddings.size(1));
  }
  return opinions;
}

}  // namespace bonafide
