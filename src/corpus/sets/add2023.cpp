#include "corpus/sets/add.h"
#include "corpus/sets/sets.h"

namespace bonafide {

Corpus describe_add2023() {
  return {"add2023",
          "ADD 2023, track 1.2: audio deepfake detection, Mandarin",
          "ROOT/{train,dev,test}/label.txt (or another folder, as the part): file genuine|fake\n"
          "ROOT/{train,dev,test}/*.wav or ROOT/{train,dev,test}/wav/*.wav",
          {"train", "dev", "test"},
          read_add,
          Knowledge::kSecondHand};
}

}  // namespace bonafide
