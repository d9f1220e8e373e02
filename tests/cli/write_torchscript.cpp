// Writes a TorchScript network for torchscript_test.py: write_torchscript FILE. It answers a wave
// with
// [-energy, energy].
#include <torch/script.h>

int main(int count, char** arguments) {
  if (count != 2) return 2;
  torch::jit::Module module("network");
  module.define(
      "def forward(self, wave):\n"
      "    energy = (wave * wave).mean(1)\n"
      "    return torch.stack([-energy, energy], 1)\n");
  module.save(arguments[1]);
  return 0;
}
