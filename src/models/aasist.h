#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/json.h"
#include "models/sinc_network.h"
#include "nn/aasist_graphs.h"

namespace bonafide {

// Options of AASIST by the names of the published code's configuration.
struct AasistOptions : SincNetworkOptions {
  std::array<int64_t, 2> gat_dims = {64, 32};
  std::array<double, 4> pool_ratios = {0.5, 0.7, 0.5, 0.5};       // the fourth is never used
  std::array<double, 4> temperatures = {2.0, 2.0, 100.0, 100.0};  // nor is this fourth

  // Throws UsageError for an unknown key or a value out of range.
  static AasistOptions from_json(const Json& model);
};

// AASIST and AASIST-L (Jung et al., ICASSP 2022, arXiv:2110.01200). S2pecNet puts more between the
// encoder and the graphs.
class Aasist : public SincNetwork {
 public:
  explicit Aasist(const AasistOptions& options);

  NetworkOutput forward(const NetworkInput& input) override;

 protected:
  torch::Tensor encode(const torch::Tensor& wave);  // [B, N] -> [B, C, rows, frames]
  NetworkOutput classify(const torch::Tensor& map);

 private:
  torch::nn::ModuleList encoder_ = nullptr;
  AasistGraphs graphs_;
  torch::nn::Linear out_layer_;
};

std::shared_ptr<Network> make_aasist(const Json& model);

}  // namespace bonafide
