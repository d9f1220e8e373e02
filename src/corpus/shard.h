#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// The samples of a tar archive of WebDataset form: members whose names agree up to the first dot of
// the last part are one sample, and stand together.
//   KEY.flac (or another extension of audio)   the recording
//   KEY.json                                   its fields, as in JSON lines (optional)
//   KEY.cls                                    its label as a word, where the JSON has none
// Others are passed over. The trial's id is KEY, its path the archive and its member the recording,
// which decode() reads in place: nothing is unpacked, and names of members are never paths.
//
// Reads the headers only, besides the small members .json and .cls; a compressed archive (gzip, xz,
// zstd) it must decompress once. Throws UsageError naming the archive and the member: not a tar
// archive; cut short or damaged; a recording that is a sparse file; a JSON member that is none; two
// recordings in one sample; a key twice; a sample with more than 64 KiB of names and fields; a
// small archive of so many samples that it is a bomb.
std::vector<Trial> read_shard(const std::filesystem::path& path);

// The same from its bytes.
std::vector<Trial> parse_shard(std::span<const std::byte> bytes, const std::filesystem::path& path);

// Whether the name ends as those of shards do: .tar, .tar.gz, .tgz, .tar.zst, .tar.xz, ...
bool is_shard_name(const std::filesystem::path& path);

// The names that a pattern such as "train-{000..041}.tar" stands for; a name without braces is
// itself. Throws UsageError for a broken pattern, or one of more than 100000 names.
std::vector<std::string> expand_braces(const std::string& pattern);

}  // namespace bonafide
