#include "models/sinc_network.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "features/sinc_filters.h"
#include "nn/max_pool.h"
#include "nn/residual_block.h"

namespace bonafide {

namespace {

// A map [B, H, W] as one channel [B, 1, H, W] that lies in memory as channels-last. LibTorch takes
// the layout of a convolution from the strides of its input, and contiguous() leaves those of a
// single channel as they are; the whole encoder would then run in the slower layout.
torch::Tensor channels_last(const torch::Tensor& map) {
  return map.contiguous().unsqueeze(-1).permute({0, 3, 1, 2});
}

}  // namespace

void SincNetworkOptions::read(const OptionReader& reader) {
  reader.integer("first_conv", first_conv, 2, 8192);
  const Json* filts = reader.find("filts");
  if (filts == nullptr) return;
  if (!filts->is_array() || filts->size() != 5) {
    throw UsageError("model.filts: wants [filters, [in, out] four times]");
  }
  reader.integer_value("filts[0]", (*filts)[0], filters, 3, 4096);
  for (size_t i = 0; i < blocks.size(); ++i) {
    reader.integer_values(fmt::format("filts[{}]", i + 1), (*filts)[i + 1], blocks[i], 1, 4096);
    if (blocks[i][0] != (i == 0 ? 1 : blocks[i - 1][1])) {
      throw UsageError(fmt::format("model.filts[{}]: {} channels go in, but {} came out before",
                                   i + 1, blocks[i][0], i == 0 ? 1 : blocks[i - 1][1]));
    }
  }
  if (blocks[3][0] != blocks[3][1]) {
    throw UsageError("model.filts[4]: the last three blocks keep their number of channels");
  }
}

SincNetwork::SincNetwork(const SincNetworkOptions& o)
    : conv_time_(make_sinc_filters(o.filters, odd_taps(o.first_conv), kSincSampleRate).band_pass),
      first_bn_(1) {}

torch::nn::ModuleList SincNetwork::make_encoder(const SincNetworkOptions& o) {
  torch::nn::ModuleList encoder;
  for (size_t i = 0; i < 6; ++i) {
    const auto& [in, out] = o.blocks[std::min<size_t>(i, 3)];
    encoder->push_back(torch::nn::Sequential(ResidualBlock(in, out, /*first=*/i == 0)));
  }
  return encoder;
}

torch::Tensor SincNetwork::filtered(const torch::Tensor& wave) {
  if (!wave.defined() || wave.dim() != 2 || wave.size(1) < kShortest) {
    throw Error(
        fmt::format("this network wants a batch of waveforms of at least {} samples, got shape {}",
                    kShortest, wave.defined() ? c10::str(wave.sizes()) : "of nothing"));
  }
  const auto bands = conv_time_.forward(wave);
  show("conv_time", bands);
  auto map = first_bn_(max_pool(torch::abs(bands).unsqueeze(1), {3, 3}));
  show("first_bn", map.squeeze(1));
  map = torch::selu_(map);
  // Training keeps maps channels-first: on others LibTorch's batch norm adds up in single
  // precision, 1e-4 off for whole utterances, which flips pooled nodes and leaves the published
  // code's trajectory.
  return is_training() ? map : channels_last(map.squeeze(1));
}

torch::Tensor SincNetwork::encoded(torch::nn::ModuleList& encoder, const std::string& name,
                                   torch::Tensor map) {
  for (size_t i = 0; i < encoder->size(); ++i) {
    map = encoder->ptr<torch::nn::SequentialImpl>(i)->forward(map);
    show(fmt::format("{}.{}", name, i), map);
  }
  show(name, map);
  return map;
}

}  // namespace bonafide
