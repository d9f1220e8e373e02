#include "corpus/protocol.h"
#include "corpus/sets/add.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// The labels of the first round of track 3.2 came apart from its folder.
std::vector<Trial> read(const CorpusRequest& request) {
  if (request.part != "track3test") return read_add(request);
  return read_file_list(request.root / "track3_R1_label.txt", ColumnList("id label"),
                        [&](Trial& trial) {
                          check_below(trial.id);
                          trial.path = request.root / request.part / trial.id;
                          trial.partition = request.part;
                          return true;
                        });
}

}  // namespace

Corpus describe_add2022() {
  return {"add2022",
          "ADD 2022: audio deepfake detection, Mandarin",
          "ROOT/{train,dev}/label.txt (or another folder, as the part): file genuine|fake\n"
          "ROOT/{train,dev}/*.wav or ROOT/{train,dev}/wav/*.wav\n"
          "ROOT/track3_R1_label.txt, ROOT/track3test/*.wav: the part track3test",
          {"train", "dev", "track3test"},
          read,
          Knowledge::kSecondHand,
          {{"train", 3012, 24072}, {"dev", 2307, 26017}}};
}

}  // namespace bonafide
