#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

// The only list in the folder; its name is not known to us.
fs::path only_list(const fs::path& root) {
  std::vector<fs::path> lists;
  std::error_code unreadable;
  for (fs::directory_iterator at(root, unreadable); !unreadable && at != fs::directory_iterator();
       at.increment(unreadable)) {
    if (at->path().extension() == ".txt") lists.push_back(at->path());
  }
  if (lists.size() == 1) return lists.front();
  throw UsageError(fmt::format("{}: {} .txt files; one is wanted, or its name as the part",
                               printable(root.native()), lists.size()));
}

std::vector<Trial> read(const CorpusRequest& request) {
  const fs::path list =
      request.part.empty() ? only_list(request.root) : request.root / request.part;
  const auto audio = request.root / "FinalDataset_16khz";
  return read_protocol(list, {ColumnList("speaker id - attack label")}, [&](Trial& trial) {
    check_utterance(trial.id);
    trial.path = audio / trial.id;
    if (trial.path.extension() != ".wav") trial.path += ".wav";
    return true;
  });
}

}  // namespace

Corpus describe_habla() {
  return {"habla",
          "HABLA: Spanish of Latin America",
          "ROOT/X.txt: speaker file - system key; the part is its name, or empty when it is the "
          "only .txt\n"
          "ROOT/FinalDataset_16khz/*.wav",
          {},
          read,
          Knowledge::kSecondHand,
          {{"", 22000, 58000}}};
}

}  // namespace bonafide
