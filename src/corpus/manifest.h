#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/corpus.h"
#include "corpus/trial.h"

namespace bonafide {

// A CSV table with a header. Columns `path` (or `file`) and `label` are needed (label may be
// missing when `labels_needed` is false), `id` (default: the path as written), `speaker`, `attack`
// (or `system`) and `partition` (or `subset`, `split`) are understood, others passed over. Paths
// are relative to the manifest's folder. Throws UsageError naming file and line: missing columns,
// wrong field count, unknown label, duplicate id.
std::vector<Trial> read_manifest(const std::filesystem::path& path, bool labels_needed = true);

// The same from text; `path` is where it would lie.
std::vector<Trial> parse_manifest(std::string_view text, const std::filesystem::path& path,
                                  bool labels_needed = true);

// Paths are written relative to the manifest's folder where they lie below it.
void write_manifest(const std::filesystem::path& path, const std::vector<Trial>& trials);

// The corpus "manifest": the part is a manifest below the root, or, when the root is itself a
// manifest, a partition in it (all of it for an empty part).
std::vector<Trial> read_manifest_corpus(const CorpusRequest& request);

// The corpus "minicorpus": a partition of ROOT/manifest.csv.
std::vector<Trial> read_minicorpus(const CorpusRequest& request);

}  // namespace bonafide
