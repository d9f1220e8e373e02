#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "corpus/trial.h"
#include "minicorpus/chain.h"
#include "minicorpus/copy.h"
#include "minicorpus/synthesis.h"

namespace bonafide {

struct MinicorpusOptions {
  std::filesystem::path folder;  // of the corpus
  double scale = 1;              // of the number of utterances
  uint64_t seed = 1;
  size_t threads = 1;
  std::filesystem::path share = "/usr/share";  // where packages put their data
};

// One utterance of the corpus, before it is made. Everything random in it depends on the seed and
// its id alone, so the corpus is the same for any number of threads, and can be made in parts.
struct MiniUtterance {
  Trial trial;
  std::string language;
  std::string source;  // the Debian package of the voice
  std::string licence;
  std::string length_of;                       // the id that draws its length
  std::vector<std::filesystem::path> prompts;  // joined in this order until it is long enough
  bool coded = false;                          // the prompts went through the channel's codec
  Channel channel = Channel::kWideband;
  const CopySystem* copy = nullptr;  // null: the prompts as they are
};

// Sentences that one voice must speak before its utterances can be made.
struct SpokenPart {
  const Voice* voice = nullptr;
  std::vector<Sentence> sentences;
  size_t first_utterance = 0;  // in MiniPlan::utterances
  size_t utterances = 0;
};

struct MiniPlan {
  std::vector<MiniUtterance> utterances;
  std::vector<SpokenPart> spoken;
  std::set<std::string> missing;  // Debian packages whose share is left out
};

// What can be made of the packages that are installed. Throws Error when one class is empty.
MiniPlan plan_minicorpus(const MinicorpusOptions& options);

// Where intermediate files lie until the corpus is done.
std::filesystem::path work_folder(const MinicorpusOptions& options);

}  // namespace bonafide
