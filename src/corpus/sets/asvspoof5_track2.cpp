#include <fmt/format.h>

#include "corpus/enrolment.h"
#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "D_0001 D_0000000001 F A09 spoof": the first is the claimed speaker, not who speaks.
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("asvspoof5-track2", {"dev", "eval"}, request.part);
  const auto audio = request.root / (request.part == "dev" ? "flac_D" : "flac_E_eval");
  const std::string stem = fmt::format("ASVspoof5.{}.track_2.", request.part);
  const auto enrolments = read_enrolments({request.root / (stem + "enroll.tsv")}, audio);
  const ColumnList columns("claimed_speaker id gender attack asv_key");
  return read_protocol(request.root / (stem + "trial.tsv"), {columns}, [&](Trial& trial) {
    check_utterance(trial.id);
    enrol(trial, enrolments);
    trial.path = audio / (trial.id + ".flac");
    trial.partition = request.part;
    return true;
  });
}

}  // namespace

Corpus describe_asvspoof5_track2() {
  return {"asvspoof5-track2",
          "ASVspoof 5, track 2: verification trials with enrolment",
          "ROOT/ASVspoof5.{dev,eval}.track_2.trial.tsv: speaker file gender attack "
          "target|nontarget|spoof, between blanks\n"
          "ROOT/ASVspoof5.{dev,eval}.track_2.enroll.tsv: speaker file,file,...\n"
          "ROOT/{flac_D,flac_E_eval}/*.flac",
          {"dev", "eval"},
          read,
          Knowledge::kFirstHand,
          {{"dev", 0, 0, 282456, Knowledge::kFirstHand},
           {"eval", 0, 0, 834536, Knowledge::kFirstHand}}};
}

}  // namespace bonafide
