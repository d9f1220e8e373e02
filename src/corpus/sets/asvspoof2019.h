#pragma once

#include <string_view>
#include <vector>

#include "corpus/corpus.h"

namespace bonafide {

// Says of an attack of Logical Access (2019, and those of 2021 that are the same) by what it was
// made, as "attack-type": TTS, VC, or TTS-VC for both together (Wang et al., "ASVspoof 2019: A
// large-scale public database", table 1).
void add_attack_type(Trial& trial);

// A part of the track "LA" or "PA"; `columns` are those of its countermeasure protocols.
std::vector<Trial> read_asvspoof2019(const CorpusRequest& request, std::string_view track,
                                     std::string_view columns);

}  // namespace bonafide
