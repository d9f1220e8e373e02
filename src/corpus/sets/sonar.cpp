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
                            if (mentions(folders.front(), {"real", "libri"})) {
                              mark_bona_fide(trial);
                            } else {
                              mark_spoof(trial, folders.front());
                            }
                            return true;
                          });
}

}  // namespace

Corpus describe_sonar() {
  return {"sonar",
          "SONAR: speech of recent commercial and research systems",
          "ROOT/SOURCE/*.wav: bona fide where the source's name has \"real\" or \"libri\" in it, "
          "else spoofed",
          {},
          read,
          Knowledge::kSecondHand,
          {{"", 0, 0, 3948}}};
}

}  // namespace bonafide
