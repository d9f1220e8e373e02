#include "corpus/sets/sets.h"
#include "corpus/sets/voxceleb.h"

namespace bonafide {

namespace {

std::vector<Trial> read(const CorpusRequest& request) {
  const std::string list =
      request.part.empty() || request.part == "train" ? "train_list.txt" : request.part;
  auto trials = read_voxceleb_list(request.root / list, voxceleb_audio(request.root));
  for (Trial& trial : trials) trial.partition = "train";
  return trials;
}

}  // namespace

Corpus describe_voxceleb2() {
  return {"voxceleb2",
          "VoxCeleb2: human voices to train speaker embeddings on",
          "ROOT/train_list.txt, or a list of another name as the part: speaker and recording\n"
          "ROOT/wav/id0####/VIDEO/*.wav (or dev/wav; or aac and dev/aac with the release's *.m4a)",
          {"train"},
          read};
}

}  // namespace bonafide
