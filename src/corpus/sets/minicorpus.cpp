#include "corpus/manifest.h"
#include "corpus/partition.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

std::vector<Trial> read(const CorpusRequest& request) {
  const auto manifest = request.root / "manifest.csv";
  return select_partition(read_manifest(manifest), request.part, manifest);
}

}  // namespace

Corpus describe_minicorpus() {
  return {"minicorpus",
          "the corpus made from Debian packages by \"bonafide data minicorpus\"",
          "ROOT/manifest.csv\nROOT/{train,dev,eval,eval-telephone}/*.flac",
          {},
          read};
}

}  // namespace bonafide
