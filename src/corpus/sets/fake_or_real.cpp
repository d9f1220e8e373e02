#include "corpus/folders.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("fake-or-real", {"training", "validation", "testing"}, request.part);
  return trials_in_folder(request, request.part,
                          [&](Trial& trial, const std::vector<std::string>& folders) {
                            const std::string kind = folders.empty() ? "" : folders.front();
                            if (kind != "real" && kind != "fake") return false;
                            if (kind == "real") mark_bona_fide(trial);
                            if (kind == "fake") mark_spoof(trial, "");
                            trial.partition = request.part;
                            return true;
                          });
}

}  // namespace

Corpus describe_fake_or_real() {
  return {"fake-or-real",
          "Fake or Real (FoR): synthetic speech of commercial systems",
          "ROOT/{training,validation,testing}/{real,fake}/*.wav\n"
          "with ROOT one of for-original, for-norm, for-2sec, for-rerec",
          {"training", "validation", "testing"},
          read,
          Knowledge::kSecondHand};
}

}  // namespace bonafide
