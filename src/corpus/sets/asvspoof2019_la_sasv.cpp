#include <fmt/format.h>

#include "corpus/enrolment.h"
#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "LA_0015 LA_E_1103494 bonafide target"
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("asvspoof2019-la-sasv", {"dev", "eval"}, request.part);
  const std::string stem =
      fmt::format("ASVspoof2019_LA_asv_protocols/ASVspoof2019.LA.asv.{}.", request.part);
  const auto audio = request.root / fmt::format("ASVspoof2019_LA_{}", request.part) / "flac";
  const auto enrolments = read_enrolments(
      {request.root / (stem + "female.trn.txt"), request.root / (stem + "male.trn.txt")}, audio);
  const ColumnList columns("claimed_speaker id attack asv_key");
  return read_protocol(request.root / (stem + "gi.trl.txt"), {columns}, [&](Trial& trial) {
    check_utterance(trial.id);
    enrol(trial, enrolments);
    trial.path = audio / (trial.id + ".flac");
    trial.partition = request.part;
    return true;
  });
}

}  // namespace

Corpus describe_asvspoof2019_la_sasv() {
  return {"asvspoof2019-la-sasv",
          "ASVspoof 2019 Logical Access: verification trials of SASV 2022",
          "ROOT/ASVspoof2019_LA_asv_protocols/ASVspoof2019.LA.asv.{dev,eval}.gi.trl.txt: speaker "
          "file attack target|nontarget|spoof\n"
          "ROOT/ASVspoof2019_LA_asv_protocols/ASVspoof2019.LA.asv.{dev,eval}.{female,male}.trn.txt:"
          " speaker file,file,...\n"
          "ROOT/ASVspoof2019_LA_{dev,eval}/flac/*.flac",
          {"dev", "eval"},
          read,
          Knowledge::kFirstHand,
          {{"dev", 7252, 22296, 0, Knowledge::kFirstHand},
           {"eval", 38697, 63882, 0, Knowledge::kFirstHand}}};
}

}  // namespace bonafide
