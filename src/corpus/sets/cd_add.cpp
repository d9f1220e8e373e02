#include <algorithm>

#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

bool is_partition(std::string_view folder) { return mentions(folder, {"train", "dev", "test"}); }

std::vector<Trial> read(const CorpusRequest& request) {
  return trials_in_folder(
      request.root, request.part, [&](Trial& trial, const std::vector<std::string>& folders) {
        trial.partition = request.part;
        // The last folder that is no partition is the generator, or says that none was used.
        const auto kind = std::find_if_not(folders.rbegin(), folders.rend(), is_partition);
        if (kind == folders.rend()) return false;
        if (mentions(*kind, {"real", "bonafide", "bona_fide", "genuine", "original"})) {
          mark_bona_fide(trial);
        } else {
          mark_spoof(trial, *kind);
        }
        return true;
      });
}

}  // namespace

Corpus describe_cd_add() {
  return {"cd-add",
          "CD-ADD: zero-shot synthesis of LibriTTS and TED-LIUM voices, across domains",
          "ROOT/PART/.../KIND/*.wav: bona fide where KIND has \"real\", \"bonafide\", \"genuine\" "
          "or \"original\" in it,\n"
          "else spoofed by a generator of that name; the part is a folder, or empty for all",
          {},
          read,
          Knowledge::kSecondHand};
}

}  // namespace bonafide
