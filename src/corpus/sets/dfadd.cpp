#include <array>

#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

constexpr std::string_view kPrefix = "DATASET_";
constexpr std::array<std::string_view, 3> kParts = {"train", "valid", "test"};

// Files of all generators are called after the speaker's recording: p227_001_GradTTS.wav.
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("dfadd", {"train", "valid", "test"}, request.part);
  return trials_in_folder(request, "", [&](Trial& trial, const std::vector<std::string>& folders) {
    if (folders.size() < 2 || !folders[0].starts_with(kPrefix)) return false;
    if (!is_one_of(folders[1], kParts)) return false;
    if (mentions(folders[0], {"bonafide"})) {
      mark_bona_fide(trial);
    } else {
      mark_spoof(trial, folders[0].substr(kPrefix.size()));
    }
    const std::string name = trial.path.stem().native();
    trial.speaker = name.substr(0, name.find('_'));
    trial.partition = folders[1];
    return true;
  });
}

}  // namespace

Corpus describe_dfadd() {
  return {"dfadd",
          "DFADD: VCTK and five diffusion and flow-matching synthesisers",
          "ROOT/DATASET_VCTK_BONAFIDE/{train,valid,test}/SPEAKER_*.wav: bona fide\n"
          "ROOT/DATASET_{GradTTS,MatchaTTS,NaturalSpeech2,PflowTTS,StyleTTS2}/{train,valid,test}/"
          "SPEAKER_*.{wav,flac}: spoofed",
          {"train", "valid", "test"},
          read,
          Knowledge::kFirstHand,
          {{"test", 755, 3000}}};
}

}  // namespace bonafide
