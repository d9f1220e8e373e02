#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/leftovers.h"
#include "corpus/trial.h"

namespace bonafide {

// Where the trials of one part of a data set come from.
struct CorpusRequest {
  std::filesystem::path root;       // folder of the data set (a manifest corpus: may be empty)
  std::string part;                 // partition ("train"), or for a manifest corpus a file
  std::filesystem::path list = {};  // of the part (Corpus::lists); empty: the first that is there
  Leftovers* leftovers = nullptr;   // where a reader notes what it leaves behind; null: nowhere
};

// How sure we are of something said of a data set.
enum class Knowledge {
  kFirstHand,   // read in the release's own documentation, or counted, or in code that reads it
  kSecondHand,  // from papers and users' code; a copy may look otherwise
};

// How many recordings a part has. A number of 0 is not known.
struct KnownCount {
  std::string_view part;
  size_t bona_fide = 0;
  size_t spoof = 0;
  size_t all = 0;
  Knowledge knowledge = Knowledge::kSecondHand;
};

// A data set that bonafide knows how to open: one file in sets/ and one line in the table.
struct Corpus {
  std::string_view name;                // "asvspoof2019-la"
  std::string_view title;               // for people
  std::string_view layout;              // what it expects on disk, a few lines
  std::vector<std::string_view> parts;  // none: the empty part is all of it
  // Throws UsageError, naming file and line, for a missing folder or a broken protocol. The files
  // of the trials are not looked for.
  std::vector<Trial> (*read)(const CorpusRequest& request);
  Knowledge knowledge = Knowledge::kFirstHand;  // of the layout
  std::vector<KnownCount> counts = {};
  // Where below the root its lists lie, "{}" standing for the part; without it, the list is of all
  // parts, and read() takes it with an empty part.
  std::vector<std::string_view> lists = {};
};

const std::vector<Corpus>& corpora();

// The corpus of that name; throws UsageError with the nearest names.
const Corpus& find_corpus(std::string_view name);

// All trials of a list that lies where a data set has it (Corpus::lists); nothing when it is no
// such list, or no file. Throws as Corpus::read does.
std::optional<std::vector<Trial>> read_corpus_list(const std::filesystem::path& list,
                                                   Leftovers* leftovers = nullptr);

// Throws UsageError unless the corpus has the part.
void check_part(std::string_view corpus, const std::vector<std::string_view>& parts,
                std::string_view part);

}  // namespace bonafide
