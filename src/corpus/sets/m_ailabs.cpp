#include <algorithm>

#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// LANGUAGE/by_book/GENDER/SPEAKER/BOOK/wavs; under the gender "mix" a folder is a book only.
bool place(Trial& trial, const std::vector<std::string>& folders) {
  const auto by_book = std::find(folders.begin(), folders.end(), "by_book");
  if (by_book == folders.begin() || folders.end() - by_book < 4) return false;
  mark_bona_fide(trial);
  trial.language = *(by_book - 1);
  trial.gender = *(by_book + 1);
  if (trial.gender != "mix") trial.speaker = *(by_book + 2);
  return true;
}

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("m-ailabs", {""}, request.part);
  return trials_in_folder(request, "", place);
}

}  // namespace

Corpus describe_m_ailabs() {
  return {"m-ailabs",
          "M-AILABS: audio books, the bona fide side of MLAAD",
          "ROOT/LANGUAGE/by_book/GENDER/SPEAKER/BOOK/wavs/*.wav",
          {},
          read,
          Knowledge::kSecondHand};
}

}  // namespace bonafide
