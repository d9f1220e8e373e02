#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// The folders say all; their names have blanks and parentheses ("OpenAI TTS-1 HD").
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("mlaad", {""}, request.part);
  return trials_in_folder(request, "fake",
                          [](Trial& trial, const std::vector<std::string>& folders) {
                            if (folders.size() < 2) return false;
                            trial.language = folders[0];
                            mark_spoof(trial, folders[1]);
                            return true;
                          });
}

}  // namespace

Corpus describe_mlaad() {
  return {"mlaad",
          "MLAAD: synthetic speech of many languages (bona fide: m-ailabs)",
          "ROOT/fake/LANGUAGE/MODEL/*.wav: all spoofed; the models' meta.csv are not read",
          {},
          read,
          Knowledge::kSecondHand};
}

}  // namespace bonafide
