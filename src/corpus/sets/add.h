#pragma once

#include <vector>

#include "corpus/corpus.h"

namespace bonafide {

// A list of the Audio Deepfake Detection challenges: "ADD_T_00000001.wav genuine". Recordings lie
// in the part's folder, or in its folder "wav"; the list is ROOT/PART/label.txt.
std::vector<Trial> read_add(const CorpusRequest& request);

}  // namespace bonafide
