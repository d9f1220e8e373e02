#include <fmt/format.h>

#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("asvspoof2017", {"train", "dev", "eval"}, request.part);
  const std::string list = fmt::format("protocol_V2/ASVspoof2017_V2_{}.{}.txt", request.part,
                                       request.part == "train" ? "trn" : "trl");
  const auto audio = request.root / fmt::format("ASVspoof2017_V2_{}", request.part);
  const ColumnList columns("id label speaker phrase environment playback recording");
  return read_protocol(find_list(request, {list}), {columns}, [&](Trial& trial) {
    check_utterance(trial.id);
    trial.path = audio / trial.id;  // the list has the extension too
    trial.partition = request.part;
    return true;
  });
}

}  // namespace

Corpus describe_asvspoof2017() {
  return {"asvspoof2017",
          "ASVspoof 2017, version 2: replayed speech",
          "ROOT/protocol_V2/ASVspoof2017_V2_{train.trn,dev.trl,eval.trl}.txt: file key speaker "
          "phrase environment playback recording\n"
          "ROOT/ASVspoof2017_V2_{train,dev,eval}/*.wav",
          {"train", "dev", "eval"},
          read,
          Knowledge::kSecondHand,
          {{"train", 1507, 1507}, {"dev", 760, 950}, {"eval", 1298, 12008}},
          {"protocol_V2/ASVspoof2017_V2_{}.trn.txt", "protocol_V2/ASVspoof2017_V2_{}.trl.txt"}};
}

}  // namespace bonafide
