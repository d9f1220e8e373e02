#include "corpus/sets/asvspoof2019.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "LA_0039 LA_E_2834763 - A11 spoof"
std::vector<Trial> read(const CorpusRequest& request) {
  return read_asvspoof2019(request, "LA", "speaker id - attack label");
}

}  // namespace

Corpus describe_asvspoof2019_la() {
  return {"asvspoof2019-la",
          "ASVspoof 2019 Logical Access",
          "ROOT/ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.{train.trn,dev.trl,eval.trl}.txt\n"
          "ROOT/ASVspoof2019_LA_{train,dev,eval}/flac/*.flac",
          {"train", "dev", "eval"},
          read,
          Knowledge::kFirstHand,
          {{"train", 2580, 22800, 0, Knowledge::kFirstHand},
           {"dev", 2548, 22296, 0, Knowledge::kFirstHand},
           {"eval", 7355, 63882, 0, Knowledge::kFirstHand}},
          {"ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.{}.trl.txt",
           "ASVspoof2019_LA_cm_protocols/ASVspoof2019.LA.cm.{}.trn.txt"}};
}

}  // namespace bonafide
