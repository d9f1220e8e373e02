#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// Nobody's voice is judged here: the labels stay unknown.
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("musan", {"music", "speech", "noise"}, request.part);
  return trials_in_folder(request, request.part,
                          [&](Trial& trial, const std::vector<std::string>& folders) {
                            trial.partition = request.part;
                            if (!folders.empty()) trial.source = folders.front();
                            return true;
                          });
}

}  // namespace

Corpus describe_musan() {
  return {"musan",
          "MUSAN: music, speech and noise to augment with",
          "ROOT/{music,speech,noise}/SOURCE/*.wav (or cut into pieces: SOURCE/RECORDING/*.wav)",
          {"music", "speech", "noise"},
          read};
}

}  // namespace bonafide
