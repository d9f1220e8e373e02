#include "corpus/sets/add.h"

#include "base/error.h"
#include "corpus/protocol.h"

namespace bonafide {

std::vector<Trial> read_add(const CorpusRequest& request) {
  if (request.part.empty()) throw UsageError("a part is needed: the folder of a label.txt");
  check_below(request.part);
  const auto folder = request.root / request.part;
  const auto audio = find_below(folder, {"wav", "."});
  return read_file_list(folder / "label.txt", ColumnList("id label"), [&](Trial& trial) {
    check_below(trial.id);
    trial.path = audio / trial.id;
    trial.partition = request.part;
    return true;
  });
}

}  // namespace bonafide
