#pragma once

#include <string_view>
#include <vector>

#include "corpus/corpus.h"

namespace bonafide {

// A part of the track "LA" or "PA"; `columns` are those of its countermeasure protocols.
std::vector<Trial> read_asvspoof2019(const CorpusRequest& request, std::string_view track,
                                     std::string_view columns);

}  // namespace bonafide
