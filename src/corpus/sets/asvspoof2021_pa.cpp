#include "corpus/sets/asvspoof2021.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// hidden1 is simulated, hidden2 real and trimmed.
bool in_part(Trial& trial, std::string_view part) {
  if (part != "hidden1" && part != "hidden2") return in_subset(trial, part);
  const std::string_view trim = part == "hidden1" ? "notrim" : "trim";
  if (trial.partition != "hidden" || condition(trial, "trim") != trim) return false;
  trial.partition = part;
  return true;
}

// "PA_0010 PA_E_1000001 R3 M3 d4 r1 m1 s4 c4 spoof notrim eval"
std::vector<Trial> read(const CorpusRequest& request) {
  return read_asvspoof2021(request,
                           {"PA",
                            "speaker id asv-room asv-mic asv-distance attacker-room attacker-mic "
                            "replay-device attacker-distance label trim partition",
                            {"eval", "progress", "hidden1", "hidden2"},
                            in_part});
}

}  // namespace

Corpus describe_asvspoof2021_pa() {
  return {"asvspoof2021-pa",
          "ASVspoof 2021 Physical Access: real replay",
          "ROOT/keys/PA/CM/trial_metadata.txt (or ROOT/trial_metadata.txt), from "
          "PA-keys-full.tar.gz\n"
          "ROOT/ASVspoof2021_PA_eval/flac/*.flac (or ROOT/flac)",
          {"eval", "progress", "hidden1", "hidden2"},
          read,
          Knowledge::kFirstHand,
          {},
          {"keys/PA/CM/trial_metadata.txt"}};
}

}  // namespace bonafide
