#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "corpus/corpus.h"

namespace bonafide {

// A track of the evaluation: "LA", "DF" or "PA".
struct Asvspoof2021Evaluation {
  std::string_view name;
  std::string_view columns;  // of its trial_metadata.txt
  std::vector<std::string_view> parts;
  // Whether a trial, whose partition is its subset so far, is in the part; may change partition.
  std::function<bool(Trial& trial, std::string_view part)> belongs;
};

std::vector<Trial> read_asvspoof2021(const CorpusRequest& request,
                                     const Asvspoof2021Evaluation& track);

// The part is the subset of that name.
bool in_subset(const Trial& trial, std::string_view part);

}  // namespace bonafide
