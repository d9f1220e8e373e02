// Waveforms per second through an encoder of the shape of XLS-R 300M with random weights:
// encoder_speed THREADS LAYERS SECONDS ROUNDS. The first waveform is not counted.
#include <fmt/format.h>
#include <torch/torch.h>

#include <chrono>
#include <cstdlib>

#include "models/ssl_encoder.h"
#include "tensor/memory.h"

namespace {

using namespace bonafide;

SslEncoderOptions xlsr_300m(int64_t layers) {
  SslEncoderOptions options;
  options.conv_bias = true;
  options.feat_extract_norm = "layer";
  options.hidden_size = 1024;
  options.num_hidden_layers = layers;
  options.num_attention_heads = 16;
  options.intermediate_size = 4096;
  options.do_stable_layer_norm = true;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  use_large_pages_for_tensors();
  torch::set_num_threads(std::atoi(argv[1]));
  const torch::NoGradGuard no_grad;
  SslEncoder encoder(xlsr_300m(std::atoi(argv[2])));
  encoder->eval();
  const auto waves = torch::randn({1, static_cast<int64_t>(std::atof(argv[3]) * 16000)});
  const int rounds = std::atoi(argv[4]);
  encoder->forward(waves);
  const auto began = std::chrono::steady_clock::now();
  for (int round = 0; round < rounds; ++round) encoder->forward(waves);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("{}\n", rounds / took.count());
}
