#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// Where the trials of one part of a data set come from.
struct CorpusRequest {
  std::filesystem::path root;  // folder of the data set (a manifest corpus: may be empty)
  std::string part;            // partition ("train"), or for a manifest corpus a file
};

// A data set that bonafide knows how to open: one file in this room and one line in the table.
struct Corpus {
  std::string_view name;                // "asvspoof2019-la"
  std::string_view title;               // for people
  std::string_view layout;              // what it expects on disk, a few lines
  std::vector<std::string_view> parts;  // none: whatever the user has
  // Throws UsageError, naming file and line, for a missing folder or a broken protocol.
  std::vector<Trial> (*read)(const CorpusRequest& request);
};

const std::vector<Corpus>& corpora();

// The corpus of that name; throws UsageError with the nearest names.
const Corpus& find_corpus(std::string_view name);

}  // namespace bonafide
