#pragma once

#include <istream>
#include <string>
#include <vector>

#include "audio/location.h"
#include "corpus/leftovers.h"

namespace bonafide {

// A recording to score, or one that has no score to expect.
struct Input {
  AudioLocation location;
  std::string trouble = {};  // why it cannot be scored; empty: try
  bool is_pipe = false;      // named on the command line itself: read to its end, once
  std::vector<AudioLocation> references = {};  // what it is compared with, where a model compares
};

// The recordings that the command line's INPUTs stand for, in order:
//   a folder    every recording in it and below, as list_recordings() walks it; a folder without
//               any stands for itself. Of a Kaldi directory with `segments`: its utterances
//   @LIST       the paths in the file LIST, which may be a pipe, one a line (or, in a list without
//               line ends, ended by NUL bytes, as find -print0 does); UTF-16 too (base/list_text.h)
//   -           the same from `standard_input` (scoring/standard_paths.h)
//   X.csv       the column `path` (or `file`, `audio_filepath`, `wav`) of a manifest, relative to
//               its folder (or, with a column `member`, members of archives), the stretches that
//               its rows mean (base/stretch.h), with the references of its column `reference`;
//               .tsv and .jsonl (.json, .ndjson) likewise
//   X.txt       a protocol of ASVspoof or PartialSpoof where its data set has it (Corpus::lists);
//   X.tsv       its recordings
//   X.tar       the recordings of a shard (corpus/shard.h); X.tar.gz, .tar.zst and .tar.xz likewise
//   else        the path itself, be it there or not
// Paths may hold any byte. Throws UsageError for a manifest without paths or with a row that means
// no stretch that there can be, and Error for a list that cannot be read or lists nothing. What is
// wrong with a recording is found when it is decoded. What archives hold besides their samples, and
// the archives and videos in a folder, are noted in `leftovers` (null: nowhere).
//
// What a walk through a folder could not read is in trouble, and so is, among several INPUTs, a
// list or archive that cannot be read; the others go on. A pipe that is named by itself is one,
// where in a list or a folder it is an error; the second time it is in trouble, as nothing is left
// of it.
std::vector<Input> list_inputs(const std::vector<std::string>& inputs, std::istream& standard_input,
                               Leftovers* leftovers = nullptr);

}  // namespace bonafide
