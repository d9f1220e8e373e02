#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "audio/waveform.h"
#include "base/random.h"

namespace bonafide {

// A change of a waveform that leaves its class alone: noise, rooms, channels, codecs. The sample
// rate stays; the length stays too unless the augmentation is about time (trim_silence, speed
// without "keep_length"). An empty waveform stays empty.
//
// All that is random comes from `random`, so the same seed gives the same samples on every machine
// and in every thread. One object serves any number of threads at once. NaN samples are not
// refused: what comes out is then NaN in places, never a crash.
class Augmentation {
 public:
  Augmentation() = default;
  virtual ~Augmentation() = default;
  Augmentation(const Augmentation&) = delete;
  Augmentation& operator=(const Augmentation&) = delete;

  // Throws Error for a sample rate that it cannot work at, or a noise file that cannot be read.
  virtual Waveform apply(Waveform waveform, Random& random) const = 0;
};

class Parameters;

// One line of the table of augmentations.
struct AugmentationKind {
  std::string_view name;     // "rawboost"
  std::string_view summary;  // a few words for people
  // Reads the keys it knows, with their defaults.
  std::unique_ptr<Augmentation> (*make)(Parameters& parameters);
};

const std::vector<AugmentationKind>& augmentations();

}  // namespace bonafide
