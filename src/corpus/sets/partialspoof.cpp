#include <fmt/format.h>

#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "LA_0079 CON_T_0000029 - CON spoof"
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("partialspoof", {"train", "dev", "eval"}, request.part);
  const std::string list = fmt::format(
      "protocols/PartialSpoof_LA_cm_protocols/PartialSpoof.LA.cm.{}.trl.txt", request.part);
  const auto audio = request.root / request.part / "con_wav";
  return read_protocol(find_list(request, {list}), {ColumnList("speaker id - attack label")},
                       [&](Trial& trial) {
                         check_utterance(trial.id);
                         trial.path = audio / (trial.id + ".wav");
                         trial.partition = request.part;
                         return true;
                       });
}

}  // namespace

Corpus describe_partialspoof() {
  return {
      "partialspoof",
      "PartialSpoof: ASVspoof 2019 LA with spoofed stretches (labels of whole recordings)",
      "ROOT/protocols/PartialSpoof_LA_cm_protocols/PartialSpoof.LA.cm.{train,dev,eval}.trl.txt\n"
      "ROOT/{train,dev,eval}/con_wav/*.wav, with ROOT the folder \"database\"",
      {"train", "dev", "eval"},
      read,
      Knowledge::kSecondHand,
      {{"train", 2580, 22800, 25380}, {"dev", 2548, 22296, 24844}, {"eval", 7355, 63882, 71237}},
      {"protocols/PartialSpoof_LA_cm_protocols/PartialSpoof.LA.cm.{}.trl.txt"}};
}

}  // namespace bonafide
