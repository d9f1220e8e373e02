#include <fmt/format.h>

#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

std::filesystem::path protocol_of(const CorpusRequest& request) {
  const std::string released = request.part == "train"
                                   ? "ASVspoof5.train.tsv"
                                   : fmt::format("ASVspoof5.{}.track_1.tsv", request.part);
  // The lists of the challenge's time, with six columns.
  return find_list(request, {released, fmt::format("ASVspoof5.{}.metadata.txt", request.part)});
}

// "T_4850 T_0000000000 F - - - AC3 A05 spoof -"
std::vector<Trial> read(const CorpusRequest& request) {
  check_part("asvspoof5", {"train", "dev", "eval"}, request.part);
  const auto audio = request.root / (request.part == "train" ? "flac_T"
                                     : request.part == "dev" ? "flac_D"
                                                             : "flac_E_eval");
  const ColumnList released("speaker id gender codec codec-quality - tag attack label -");
  const ColumnList challenge("speaker id gender - attack label");
  return read_protocol(protocol_of(request), {released, challenge}, [&](Trial& trial) {
    check_utterance(trial.id);
    trial.path = audio / (trial.id + ".flac");
    trial.partition = request.part;
    return true;
  });
}

}  // namespace

Corpus describe_asvspoof5() {
  return {"asvspoof5",
          "ASVspoof 5, track 1: detection",
          "ROOT/ASVspoof5.{train,dev.track_1,eval.track_1}.tsv: ten columns between blanks (six in "
          "lists of the challenge's time)\n"
          "ROOT/{flac_T,flac_D,flac_E_eval}/*.flac",
          {"train", "dev", "eval"},
          read,
          Knowledge::kFirstHand,
          {{"train", 0, 0, 182357, Knowledge::kFirstHand},
           {"train", 18797, 163560},
           {"dev", 31334, 109616, 0, Knowledge::kFirstHand},
           {"eval", 0, 0, 680774, Knowledge::kFirstHand},
           {"eval", 138688, 542086}},
          {"ASVspoof5.{}.track_1.tsv", "ASVspoof5.{}.tsv", "ASVspoof5.{}.metadata.txt"}};
}

}  // namespace bonafide
