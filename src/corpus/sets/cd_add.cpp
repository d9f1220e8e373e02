#include <algorithm>
#include <array>

#include "base/text.h"
#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

constexpr std::string_view kTalks = "test-TED";
constexpr std::string_view kTalksFolder = "dataset_ted";

// The folder that says which part a recording is of, and where it stands; the end for none.
auto find_partition(const std::vector<std::string>& folders) {
  return std::find_if(folders.begin(), folders.end(), [](const std::string& folder) {
    return folder == kTalksFolder || folder == "train-clean" || folder == "dev-clean" ||
           folder == "test-clean";
  });
}

// An utterance is a folder that has a file from each generator, and one of the voice itself.
std::vector<Trial> read(const CorpusRequest& request) {
  if (!request.part.empty()) {
    check_part("cd-add", {"train-clean", "dev-clean", "test-clean", kTalks}, request.part);
  }
  return trials_in_folder(request, "", [&](Trial& trial, const std::vector<std::string>& folders) {
    const auto at = find_partition(folders);
    if (at == folders.end()) return false;
    trial.partition = *at == kTalksFolder ? std::string(kTalks) : *at;
    if (at + 1 != folders.end()) trial.speaker = *(at + 1);
    const std::string generator = trial.path.stem().native();
    if (lower(generator) == "real") {
      mark_bona_fide(trial);
    } else {
      mark_spoof(trial, generator);
    }
    return true;
  });
}

}  // namespace

Corpus describe_cd_add() {
  return {"cd-add",
          "CD-ADD: zero-shot synthesis of LibriTTS and TED-LIUM voices, across domains",
          "ROOT/dataset_LibriTTS/*/{train,dev,test}-clean/SPEAKER/.../UTTERANCE/GENERATOR.wav\n"
          "ROOT/dataset_TED-LIUM/dataset_ted/SPEAKER/UTTERANCE/GENERATOR.wav: the part test-TED\n"
          "bona fide is real.wav",
          {"train-clean", "dev-clean", "test-clean", kTalks},
          read,
          Knowledge::kFirstHand,
          {{"train-clean", 18339, 88224},
           {"dev-clean", 3111, 15110},
           {"test-clean", 2762, 13244},
           {kTalks, 899, 3881}}};
}

}  // namespace bonafide
