#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

constexpr std::string_view kPrefix = "DATASET_";

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("dfadd", {"train", "valid", "test"}, request.part);
  return trials_in_folder(request.root, "",
                          [&](Trial& trial, const std::vector<std::string>& folders) {
                            if (folders.size() < 2 || folders[1] != request.part) return false;
                            if (!folders[0].starts_with(kPrefix)) return false;
                            if (mentions(folders[0], {"bonafide", "vctk", "real"})) {
                              mark_bona_fide(trial);
                            } else {
                              mark_spoof(trial, folders[0].substr(kPrefix.size()));
                            }
                            trial.partition = request.part;
                            return true;
                          });
}

}  // namespace

Corpus describe_dfadd() {
  return {"dfadd",
          "DFADD: VCTK and five diffusion and flow-matching synthesisers",
          "ROOT/DATASET_NAME/{train,valid,test}/*.wav: bona fide where NAME has \"bonafide\", "
          "\"vctk\" or \"real\" in it,\n"
          "else spoofed by NAME",
          {"train", "valid", "test"},
          read,
          Knowledge::kSecondHand};
}

}  // namespace bonafide
