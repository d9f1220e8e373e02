#include "models/s2pecnet.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {

namespace {

constexpr int64_t kSamples = 64600;
constexpr int64_t kRows = 60;
constexpr int64_t kStftFrames = 750;

std::string shape_of(const torch::Tensor& tensor) {
  return tensor.defined() ? c10::str(tensor.sizes()) : "nothing";
}

void check(const NetworkInput& input) {
  const auto& [wave, features] = std::tie(input.wave, input.features);
  if (!wave.defined() || wave.dim() != 2 || wave.size(1) != kSamples || !features.defined() ||
      features.dim() != 3 || features.size(1) != kRows || features.size(2) != kStftFrames) {
    throw Error(fmt::format("S2pecNet wants {} samples and {} x {} coefficients, got {} and {}",
                            kSamples, kRows, kStftFrames, shape_of(wave), shape_of(features)));
  }
}

}  // namespace

S2pecNet::S2pecNet(const AasistOptions& options)
    : Aasist(options),
      resnet_(register_module("resnet", SpectralEncoder())),
      two_(register_module("two", SpectralFusion())),
      decoder_(register_module("decoder", SpectralDecoder())),
      raw_decoder_(register_module("raw_decoder", WaveDecoder())) {}

NetworkOutput S2pecNet::forward(const NetworkInput& input) {
  check(input);
  const auto raw = encode(input.wave);
  const auto spectral = resnet_(input.features.unsqueeze(1), shown_below("resnet"));
  show("resnet", spectral);
  const auto fused = two_(raw, spectral);
  show("two", fused);
  NetworkOutput output = classify(fused);
  if (is_training() || always_decode_) {
    output.reconstruction = {raw_decoder_(fused, shown_below("raw_decoder")),
                             decoder_(fused, shown_below("decoder"))};
  }
  return output;
}

std::shared_ptr<Network> make_s2pecnet(const Json& model) {
  const AasistOptions options = AasistOptions::from_json(model);
  if (options.channels() != 64 || options.rows() != 23) {
    throw UsageError("model.filts: S2pecNet wants 69 to 71 filters and 64 channels at the end");
  }
  return std::make_shared<S2pecNet>(options);
}

}  // namespace bonafide
