#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "corpus/manifest.h"
#include "corpus/partition.h"
#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// meta.csv has the header file,speaker,label, which manifests understand.
std::vector<Trial> read(const CorpusRequest& request) {
  const auto table = find_below(request.root, {"meta.csv", "release_in_the_wild/meta.csv"});
  std::vector<Trial> trials = read_manifest(table);
  // The table lies among the recordings, or beside their folder.
  const auto folder = find_below(table.parent_path(), {"release_in_the_wild", "."});
  for (Trial& trial : trials) {
    try {
      check_below(trial.id);
    } catch (const UsageError& e) {
      throw UsageError(fmt::format("{}: {}", printable(table.native()), e.what()));
    }
    trial.path = folder / trial.id;
  }
  return select_partition(std::move(trials), request.part, table);
}

}  // namespace

Corpus describe_in_the_wild() {
  return {"in-the-wild",
          "In-the-Wild: celebrities and politicians from the internet",
          "ROOT/meta.csv: file,speaker,label with a header\n"
          "ROOT/*.wav or ROOT/release_in_the_wild/*.wav",
          {},
          read,
          Knowledge::kFirstHand,
          {{.part = "", .all = 31779, .knowledge = Knowledge::kFirstHand},
           {.part = "", .bona_fide = 19963, .spoof = 11816}}};
}

}  // namespace bonafide
