#pragma once

#include <vector>

#include "corpus/shortcuts.h"
#include "minicorpus/plan.h"

namespace bonafide {

// Writes what lies beside the audio of a mini corpus: manifest.csv (also with language, source
// package and licence), shortcuts.csv, and README.txt with the recipe and the licences.
void write_notes(const MinicorpusOptions& options, const std::vector<MiniUtterance>& utterances,
                 const ShortcutTable& shortcuts);

}  // namespace bonafide
