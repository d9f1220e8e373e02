#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("sonar", {""}, request.part);
  return trials_in_folder(request.root, "",
                          [](Trial& trial, const std::vector<std::string>& folders) {
                            if (folders.empty()) return false;
                            trial.source = folders.front();
                            if (mentions(folders.front(), {"real"})) {
                              mark_bona_fide(trial);
                            } else {
                              mark_spoof(trial, folders.front());
                            }
                            return true;
                          });
}

}  // namespace

Corpus describe_sonar() {
  return {
      "sonar",
      "SONAR: speech of recent commercial and research systems",
      "ROOT/real_samples/*.wav: bona fide\n"
      "ROOT/{AudioGen,FlashSpeech,NaturalSpeech3,OpenAI,PromptTTS2,SeedTTS,VALLE,VoiceBox,xTTS}/"
      "*.wav: spoofed",
      {},
      read,
      Knowledge::kFirstHand,
      {{"", 2274, 1674}}};
}

}  // namespace bonafide
