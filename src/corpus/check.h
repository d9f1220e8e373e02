#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "corpus/corpus.h"

namespace bonafide {

struct CheckOptions {
  std::filesystem::path root;
  std::optional<std::string> part;  // none: all parts of the corpus
  bool deep = false;                // decode every recording, which must be whole
  size_t threads = 1;
  // Recordings that decoded are noted here as they come, so that an interrupted check goes on where
  // it stopped; a recording that has changed since is decoded again. Empty: nothing is noted.
  std::filesystem::path state;
};

// What a part of the corpus has, by its protocol.
struct PartCounts {
  std::string part;
  size_t bona_fide = 0;
  size_t spoof = 0;
  size_t unlabelled = 0;

  size_t all() const { return bona_fide + spoof + unlabelled; }
};

// A part that has not as many recordings as it should have.
struct CountMismatch {
  std::string text;  // "eval: 7354 bona fide, 7355 are known"
  Knowledge knowledge;
};

struct Trouble {
  std::string file;
  std::string reason;  // one line, which names the file
};

struct CheckReport {
  std::vector<PartCounts> parts;
  std::vector<std::string> unreadable_parts;  // why a protocol cannot be read
  std::vector<CountMismatch> mismatches;
  size_t recordings = 0;  // different files or members: tests, references and enrolments
  size_t remembered = 0;  // of them decoded in an earlier run
  size_t looked_at = 0;   // in this run or an earlier one
  std::vector<Trouble> troubles;
  // Recordings that lie there and that nothing lists (corpus/surplus.h), and what readers left
  // behind. Only its troubles, such as a folder that cannot be read, are a fault of the copy.
  Leftovers leftovers;
  bool interrupted = false;

  bool all_well() const;
};

// Reads the corpus' protocols, counts, looks for every recording that they name, and for others
// beside them. Throws UsageError when no part can be read.
CheckReport check_corpus(const Corpus& corpus, const CheckOptions& options, Progress& progress);

// How the counts of a part differ from what is known.
std::vector<CountMismatch> compare_counts(const std::vector<KnownCount>& known,
                                          const PartCounts& counts);

// The parts of the corpus that can be read, each with its trials; the reasons of the others go to
// `unreadable`, and what the readers left behind to `leftovers` (null: nowhere). Throws UsageError
// when there is none that can.
struct Part {
  std::string name;
  std::vector<Trial> trials;
};
std::vector<Part> read_parts(const Corpus& corpus, const std::filesystem::path& root,
                             const std::optional<std::string>& part,
                             std::vector<std::string>& unreadable, Leftovers* leftovers);

PartCounts count(const Part& part);

}  // namespace bonafide
