#pragma once

#include <vector>

#include "corpus/corpus.h"

namespace bonafide {

// Part train, dev or eval of ASVspoof 2019 Logical Access. The files of the trials are not looked
// for.
std::vector<Trial> read_asvspoof2019_la(const CorpusRequest& request);

}  // namespace bonafide
