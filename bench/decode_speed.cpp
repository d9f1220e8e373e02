// Decodes and crops recordings on one thread, over and over for about a second, and prints
// recordings per second: decode_speed FILE...
#include <chrono>
#include <cstdio>

#include "audio/crop.h"
#include "audio/decode.h"

int main(int argc, char** argv) {
  using Clock = std::chrono::steady_clock;
  constexpr size_t kSamples = 64600;
  const bonafide::StretchChoice first = {kSamples, [](size_t) { return size_t{0}; }};
  size_t decoded = 0;
  const auto began = Clock::now();
  std::chrono::duration<double> took{};
  while (argc > 1 && took.count() < 1.0) {
    for (int i = 1; i < argc; ++i) {
      const auto stretch = bonafide::decode_stretch(std::filesystem::path(argv[i]), 16000, first);
      decoded += bonafide::crop_first(stretch.samples, kSamples).size() / kSamples;
    }
    took = Clock::now() - began;
  }
  std::printf("%.1f\n", static_cast<double>(decoded) / took.count());
}
