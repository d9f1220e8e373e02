#include "corpus/folders.h"
#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

constexpr std::string_view kAudio = "FinalDataset_16khz";

// KIND/COUNTRY/SPEAKER/*.wav, where KIND is Real or says how a voice was made. Of conversions the
// last two folders are pairs, FROM-TO.
std::vector<Trial> walk(const CorpusRequest& request) {
  return trials_in_folder(request, kAudio,
                          [](Trial& trial, const std::vector<std::string>& folders) {
                            if (folders.size() < 2) return false;
                            if (folders[0] == "Real") {
                              mark_bona_fide(trial);
                              if (folders.size() > 2) trial.speaker = folders[2];
                            } else {
                              mark_spoof(trial, folders[0]);
                            }
                            trial.language = "es";
                            return true;
                          });
}

std::vector<Trial> read(const CorpusRequest& request) {
  if (request.part.empty()) return walk(request);
  const auto audio = request.root / kAudio;
  return read_protocol(request.root / request.part, {ColumnList("speaker id - attack label")},
                       [&](Trial& trial) {
                         check_utterance(trial.id);
                         trial.path = audio / trial.id;
                         if (trial.path.extension() != ".wav") trial.path += ".wav";
                         trial.language = "es";
                         return true;
                       });
}

}  // namespace

Corpus describe_habla() {
  return {"habla",
          "HABLA: Spanish of Latin America",
          "ROOT/FinalDataset_16khz/Real/COUNTRY/SPEAKER/*.wav: bona fide\n"
          "ROOT/FinalDataset_16khz/{CycleGAN,Diff,StarGAN,TTS,TTS-VC}/.../*.wav: spoofed\n"
          "a part is the name of a list instead: speaker file - system key (this form second-hand)",
          {},
          read,
          Knowledge::kFirstHand,
          {{"", 0, 0, 80816}}};
}

}  // namespace bonafide
