#include <filesystem>

#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "ljspeech_melgan": the data set whose text or voice it is, and the vocoder.
std::string source_of(std::string_view folder) {
  for (const std::string_view source : {"ljspeech", "jsut", "common_voices"}) {
    if (folder.starts_with(source)) return std::string(source);
  }
  return {};
}

void add_bona_fide(const CorpusRequest& request, std::string_view folder, std::string_view source,
                   std::vector<Trial>& trials) {
  std::error_code unreadable;
  if (!std::filesystem::is_directory(request.root / folder, unreadable)) return;
  for (Trial& trial :
       trials_in_folder(request, folder, [&](Trial&t, const std::vector<std::string>&) {
         mark_bona_fide(t);
         t.source = source;
         return true;
       })) {
    trials.push_back(std::move(trial));
  }
}

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("wavefake", {""}, request.part);
  std::vector<Trial> trials = trials_in_folder(
      request, "generated_audio", [](Trial& trial, const std::vector<std::string>& folders) {
        if (folders.empty()) return false;
        mark_spoof(trial, folders.front());
        trial.source = source_of(folders.front());
        return true;
      });
  add_bona_fide(request, "LJSpeech-1.1/wavs", "ljspeech", trials);
  add_bona_fide(request, "jsut_ver1.1", "jsut", trials);
  return trials;
}

}  // namespace

Corpus describe_wavefake() {
  return {"wavefake",
          "WaveFake: vocoded LJSpeech, JSUT and Common Voice",
          "ROOT/generated_audio/SOURCE_VOCODER/*.wav: all spoofed\n"
          "ROOT/LJSpeech-1.1/wavs/*.wav and ROOT/jsut_ver1.1/: bona fide, where they are there",
          {},
          read,
          Knowledge::kSecondHand,
          {{"", 0, 117985}}};
}

}  // namespace bonafide
