#include "base/error.h"
#include "base/text.h"
#include "corpus/manifest.h"
#include "corpus/protocol.h"
#include "corpus/protocol_line.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// "test.wav reference.wav spoof", relative to the list.
std::vector<Trial> read_list_of_pairs(const std::filesystem::path& list) {
  const auto folder = list.parent_path();
  return read_protocol(list, {ColumnList("id reference label")}, [&](Trial& trial) {
    trial.path = folder / trial.id;
    trial.reference.path = folder / trial.reference.path;
    return true;
  });
}

std::vector<Trial> read(const CorpusRequest& request) {
  const auto list = request.part.empty() ? request.root : request.root / request.part;
  std::vector<Trial> trials =
      is_manifest_name(list) ? read_manifest(list) : read_list_of_pairs(list);
  for (const Trial& trial : trials) {
    if (!trial.reference.path.empty()) continue;
    throw UsageError(printable(list.native()) + ": " + printable(trial.id) + ": no reference");
  }
  return trials;
}

}  // namespace

Corpus describe_pairs() {
  return {"pairs",
          "recordings to judge beside a bona fide reference of the speaker",
          "a list with lines \"recording reference label\", or a manifest with the columns path, "
          "reference, label\n"
          "(the names in a list have no blanks; in a manifest they may); paths are relative to "
          "it.\n"
          "root: its folder, part: its name; or root: the file.",
          {},
          read};
}

}  // namespace bonafide
