#include "corpus/sets/asvspoof2021.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "LA_0009 LA_E_9332881 alaw ita_tx A07 spoof notrim eval"
std::vector<Trial> read(const CorpusRequest& request) {
  return read_asvspoof2021(request, {"LA",
                                     "speaker id codec transmission attack label trim partition",
                                     {"eval", "progress", "hidden"},
                                     in_subset});
}

}  // namespace

Corpus describe_asvspoof2021_la() {
  return {"asvspoof2021-la",
          "ASVspoof 2021 Logical Access: telephone codecs (training: asvspoof2019-la)",
          "ROOT/keys/LA/CM/trial_metadata.txt (or ROOT/trial_metadata.txt), from "
          "LA-keys-full.tar.gz\n"
          "ROOT/ASVspoof2021_LA_eval/flac/*.flac (or ROOT/flac)",
          {"eval", "progress", "hidden"},
          read,
          Knowledge::kFirstHand,
          {{"eval", 14816, 133360}},
          {"keys/LA/CM/trial_metadata.txt"}};
}

}  // namespace bonafide
