#include "corpus/manifest.h"

#include "corpus/partition.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// The part is a manifest below the root, or, when the root is itself a manifest, a partition in it.
// Labels may be missing: who needs them says so.
std::vector<Trial> read(const CorpusRequest& request) {
  std::error_code unreadable;  // then reading says why
  if (std::filesystem::is_regular_file(request.root, unreadable)) {
    return select_partition(read_manifest(request.root, false), request.part, request.root);
  }
  return read_manifest(request.part.empty() ? request.root : request.root / request.part, false);
}

}  // namespace

Corpus describe_manifest() {
  return {"manifest",
          "any recordings listed in a CSV or TSV table or in JSON lines",
          "X.csv or X.tsv with a header, or X.jsonl with an object a line: path, label, and of id, "
          "speaker, attack,\n"
          "partition, codec, language, gender, source, reference, claimed_speaker, asv_key, "
          "enrolments, member,\n"
          "start and end (of a stretch, in seconds) or start_sample and end_sample\n"
          "what there is; paths are relative to it.\n"
          "root: its folder, part: its name; or root: the file, part: a partition in it.",
          {},
          read};
}

}  // namespace bonafide
