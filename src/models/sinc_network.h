#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/options.h"
#include "models/network.h"
#include "nn/batch_norm.h"

namespace bonafide {

// Options of the trunk by the names of the published code's configuration.
struct SincNetworkOptions {
  int64_t first_conv = 128;  // taps; an even number gets one more
  int64_t filters = 70;      // filts[0]
  std::array<std::array<int64_t, 2>, 4> blocks = {{{1, 32}, {32, 32}, {32, 64}, {64, 64}}};

  void read(const OptionReader& reader);
  int64_t rows() const { return filters / 3; }  // of the encoder's map
  int64_t channels() const { return blocks[3][1]; }
};

// What RawGAT-ST, AASIST and S2pecNet begin with: a sinc filter bank, then residual encoders.
class SincNetwork : public Network {
 public:
  SincConv* sinc_conv() override { return &conv_time_; }

  static constexpr int64_t kPooling = 2187;  // seven poolings by 3 between samples and frames
  static constexpr int64_t kShortest = 128 + kPooling;  // samples

 protected:
  explicit SincNetwork(const SincNetworkOptions& options);

  // Registers `first_bn`, which stands behind the parameters of the derived network.
  void register_first_bn() { register_module("first_bn", first_bn_); }
  static torch::nn::ModuleList make_encoder(const SincNetworkOptions& options);

  // [B, N] -> [B, 1, rows, (N - taps + 1) / 3]. Throws Error for fewer samples than kShortest.
  torch::Tensor filtered(const torch::Tensor& wave);
  // [B, 1, rows, columns] -> [B, C, rows, frames]; `name` is the encoder's.
  torch::Tensor encoded(torch::nn::ModuleList& encoder, const std::string& name, torch::Tensor map);

 private:
  SincConv conv_time_;
  BatchNorm first_bn_;
};

}  // namespace bonafide
