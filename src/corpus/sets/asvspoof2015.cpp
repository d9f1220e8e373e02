#include <fmt/format.h>

#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

std::filesystem::path protocol_of(const CorpusRequest& request) {
  const std::string_view name = request.part == "train" ? "cm_train.trn"
                                : request.part == "dev" ? "cm_develop.ndx"
                                                        : "cm_evaluation.ndx";
  const std::string official = fmt::format("CM_protocol/{}", name);
  return find_below(request.root, {official, official + ".txt"});
}

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("asvspoof2015", {"train", "dev", "eval"}, request.part);
  const auto audio = request.root / "wav" / request.part;
  return read_protocol(protocol_of(request), {ColumnList("speaker id attack label")},
                       [&](Trial& trial) {
                         check_utterance(trial.id);
                         check_utterance(trial.speaker);
                         trial.path = audio / trial.speaker / (trial.id + ".wav");
                         trial.partition = request.part;
                         return true;
                       });
}

}  // namespace

Corpus describe_asvspoof2015() {
  return {"asvspoof2015",
          "ASVspoof 2015: synthetic and converted speech",
          "ROOT/CM_protocol/{cm_train.trn,cm_develop.ndx,cm_evaluation.ndx}: speaker file method "
          "key\n"
          "ROOT/wav/{train,dev,eval}/SPEAKER/*.wav",
          {"train", "dev", "eval"},
          read,
          Knowledge::kSecondHand,
          {{"train", 3750, 12625}, {"dev", 3497, 49875}, {"eval", 9404, 184000}}};
}

}  // namespace bonafide
