#pragma once

#include <filesystem>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// The utterances of a Kaldi data directory, in the order of `segments` (stretches of the recordings
// of wav.scp), or without it of wav.scp. Throws UsageError naming file and line: an entry that is a
// command (none is ever run), standard input or an offset into an archive; a line without a value;
// an utterance or speaker twice in one file; a recording or an utterance of another file that is in
// none of the two; a segment of one of several channels. With utt2label, all utterances must be in
// it.
std::vector<Trial> read_kaldi(const std::filesystem::path& folder);

// Whether the folder is such a directory with stretches for utterances.
bool has_kaldi_segments(const std::filesystem::path& folder);

}  // namespace bonafide
