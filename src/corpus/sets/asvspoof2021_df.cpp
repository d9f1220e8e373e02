#include "corpus/sets/asvspoof2021.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "LA_0023 DF_E_2000011 nocodec asvspoof A14 spoof notrim progress traditional_vocoder - - - -"
std::vector<Trial> read(const CorpusRequest& request) {
  return read_asvspoof2021(request,
                           {"DF",
                            "speaker id codec source attack label trim partition vocoder task team "
                            "gender language",
                            {"eval", "progress", "hidden"},
                            in_subset});
}

}  // namespace

Corpus describe_asvspoof2021_df() {
  return {"asvspoof2021-df",
          "ASVspoof 2021 Deepfake: lossy media codecs (training: asvspoof2019-la)",
          "ROOT/keys/DF/CM/trial_metadata.txt (or ROOT/trial_metadata.txt), from "
          "DF-keys-full.tar.gz\n"
          "ROOT/ASVspoof2021_DF_eval/flac/*.flac (or ROOT/flac), part00 to part03 in one folder",
          {"eval", "progress", "hidden"},
          read,
          Knowledge::kFirstHand,
          {{"eval", 14869, 519059}},
          {"keys/DF/CM/trial_metadata.txt"}};
}

}  // namespace bonafide
