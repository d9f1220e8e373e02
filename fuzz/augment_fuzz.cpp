// Samples of any bits at all through an augmentation, codec or vocoder: the first byte chooses it,
// the second the sample rate, the third the seed.
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "augment/chain.h"
#include "augment/vocoder.h"
#include "base/error.h"
#include "recipe/recipe.h"

namespace {

using namespace bonafide;

// All that need no folders and no other program.
std::vector<std::unique_ptr<Augmentation>> make_all() {
  std::vector<std::unique_ptr<Augmentation>> all;
  const auto add = [&](const std::string& yaml) {
    all.push_back(make_chain(parse_yaml(yaml, "fuzz"), "fuzz"));
  };
  for (const AugmentationKind& kind : augmentations()) {
    if (kind.name == "background" || kind.name == "reverberation") continue;
    add("[" + std::string(kind.name) + "]");
  }
  add("[{name: rawboost, algorithm: [1, 2, 3, 4, 6, 7, 8]}]");
  add("[{name: codec, codecs: [opus, mp3, vorbis, amr-nb, amr-wb], loss: [0, 0.9], burst: 10}]");
  add("[{name: packet_loss, loss: 0.5, conceal: silence}]");
  add("[{name: clipping, threshold: [0, 1]}]");
  add("[{name: speed, rates: [0.25, 4], keep_length: false}]");
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto all = make_all();
  if (size < 3) return 0;
  static constexpr int kRates[] = {8000, 16000, 44100, 4000, 22050, 768000};
  Waveform waveform{{}, kRates[data[1] % 6]};
  waveform.samples.resize((size - 3) / sizeof(float));
  if (!waveform.samples.empty()) {
    std::memcpy(waveform.samples.data(), data + 3, waveform.samples.size() * sizeof(float));
  }
  try {
    const size_t choice = data[0] % (all.size() + vocoders().size());
    if (choice < all.size()) {
      Random random(data[2]);
      all[choice]->apply(waveform, random);
    } else {
      copy_synthesis(waveform, vocoders()[choice - all.size()], data[2]);
    }
  } catch (const Error&) {
  }
  return 0;
}
