#pragma once

#include <torch/types.h>

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bonafide {

// What was last made of recordings, found by their samples, so that a reference that many
// recordings have is heard once. The least recent go when all of them take too much memory.
class RecentSummaries {
 public:
  // Of waveforms [B, N]: [B, ...], or [L, B, ...] where there are four axes.
  using Make = std::function<torch::Tensor(const torch::Tensor& waves)>;

  explicit RecentSummaries(size_t bytes) : most_bytes_(bytes) {}

  // As make(waves), of which it is asked once for those that it does not know.
  torch::Tensor of(const torch::Tensor& waves, const Make& make);

  void forget();

 private:
  using Rows = std::map<std::string, torch::Tensor>;

  void recall(const std::vector<std::string>& keys, Rows& rows);
  void keep(const std::string& key, const torch::Tensor& row);

  size_t most_bytes_, bytes_ = 0;
  std::list<std::pair<std::string, torch::Tensor>> kept_;  // the latest first
};

}  // namespace bonafide
