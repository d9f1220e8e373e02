#include "corpus/sets/asvspoof2019.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "PA_0079 PA_T_0000001 aaa - bonafide"
std::vector<Trial> read(const CorpusRequest& request) {
  return read_asvspoof2019(request, "PA", "speaker id environment attack label");
}

}  // namespace

Corpus describe_asvspoof2019_pa() {
  return {"asvspoof2019-pa",
          "ASVspoof 2019 Physical Access: simulated replay",
          "ROOT/ASVspoof2019_PA_cm_protocols/ASVspoof2019.PA.cm.{train.trn,dev.trl,eval.trl}.txt\n"
          "ROOT/ASVspoof2019_PA_{train,dev,eval}/flac/*.flac",
          {"train", "dev", "eval"},
          read,
          Knowledge::kSecondHand,
          {{"train", 5400, 48600}, {"dev", 5400, 24300}, {"eval", 18090, 116640}},
          {"ASVspoof2019_PA_cm_protocols/ASVspoof2019.PA.cm.{}.trl.txt",
           "ASVspoof2019_PA_cm_protocols/ASVspoof2019.PA.cm.{}.trn.txt"}};
}

}  // namespace bonafide
