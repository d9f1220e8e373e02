#include <array>
#include <string_view>

#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

constexpr std::array<std::string_view, 9> kGenerators = {
    "AudioGen", "FlashSpeech", "NaturalSpeech3", "OpenAI", "PromptTTS2",
    "SeedTTS",  "VALLE",       "VoiceBox",       "xTTS"};

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("sonar", {""}, request.part);
  return trials_in_folder(request, "", [](Trial& trial, const std::vector<std::string>& folders) {
    if (folders.empty()) return false;
    trial.source = folders.front();
    if (folders.front() == "real_samples") {
      mark_bona_fide(trial);
    } else if (is_one_of(folders.front(), kGenerators)) {
      mark_spoof(trial, folders.front());
    } else {
      return false;
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
      "*.wav: spoofed; other folders are not read",
      {},
      read,
      Knowledge::kFirstHand,
      {{"", 2274, 1674}}};
}

}  // namespace bonafide
