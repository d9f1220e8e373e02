#pragma once

#include <filesystem>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// The utterances of a Kaldi data directory, in the order of wav.scp. Throws UsageError naming file
// and line: an entry that is a command (none is ever run), standard input or an offset into an
// archive; a line without a value; an utterance or speaker twice in one file; an utterance in
// another file that wav.scp does not have; a file `segments`, because stretches of recordings are
// not read. With utt2label, all utterances must be in it.
std::vector<Trial> read_kaldi(const std::filesystem::path& folder);

}  // namespace bonafide
