#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "corpus/leftovers.h"
#include "corpus/trial.h"

namespace bonafide {

// The samples of a tar archive of WebDataset form. What a sample's recording and label share is its
// name, KEY:
//   KEY.flac (or another extension of audio)   the recording
//   KEY.json                                   its fields, as in JSON lines (optional)
//   KEY.cls                                    its label as a word, where the JSON has none
// KEY may have dots ("Track 2.0 (Clean)"). WebDataset's own rule, by which a key ends at the first
// dot, says what stands together, and which members are companions: beside x.wav, x.seg.wav is no
// sample unless x.seg.json or x.seg.cls labels it, and x.meta.json belongs to x. Where x.json has
// no x.wav beside it, the only recording without a label of its own ("x.16k.wav") is its.
// The trial's id is KEY, its path the archive and its member the recording, which decode() reads in
// place: nothing is unpacked, and names of members are never paths.
//
// To `leftovers` (null: nowhere) goes what is left: members of no sample, recordings beside that of
// their sample, links, archives inside the archive. What accompanies files (is_companion()) is no
// member at all.
//
// Reads the headers only, besides the small members .json and .cls; a compressed archive (gzip, xz,
// zstd) it must decompress once. Throws UsageError naming the archive and the member: not a tar
// archive; cut short or damaged; a recording that is a sparse file; a label's JSON that is none;
// two recordings in one sample; a label without a recording; a key twice; a sample with more than
// 64 KiB of names and fields; a small archive of so many samples that it is a bomb.
std::vector<Trial> read_shard(const std::filesystem::path& path, Leftovers* leftovers = nullptr);

// The same from its bytes.
std::vector<Trial> parse_shard(std::span<const std::byte> bytes, const std::filesystem::path& path,
                               Leftovers* leftovers = nullptr);

// Whether the name ends as those of shards do: .tar, .tar.gz, .tgz, .tar.zst, .tar.xz, ...
bool is_shard_name(const std::filesystem::path& path);

// The names that a pattern such as "train-{000..041}.tar" stands for; a name without braces is
// itself. Throws UsageError for a broken pattern, or one of more than 100000 names.
std::vector<std::string> expand_braces(const std::string& pattern);

}  // namespace bonafide
