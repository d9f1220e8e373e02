#include "corpus/sets/asvspoof2019.h"

#include <fmt/format.h>

#include "base/text.h"
#include "corpus/protocol.h"

namespace bonafide {

namespace {

std::filesystem::path protocol_of(const CorpusRequest& request, std::string_view track) {
  const std::string stem =
      fmt::format("ASVspoof2019_{0}_cm_protocols/ASVspoof2019.{0}.cm.{1}.", track, request.part);
  if (request.part != "train") return find_list(request, {stem + "trl.txt"});
  // Copies of the data set exist that call the training list .trl as well.
  return find_list(request, {stem + "trn.txt", stem + "trl.txt"});
}

}  // namespace

std::vector<Trial> read_asvspoof2019(const CorpusRequest& request, std::string_view track,
                                     std::string_view columns) {
  check_part("asvspoof2019-" + lower(track), {"train", "dev", "eval"}, request.part);
  const auto audio = request.root / fmt::format("ASVspoof2019_{}_{}", track, request.part) / "flac";
  return read_protocol(protocol_of(request, track), {ColumnList(columns)}, [&](Trial& trial) {
    check_utterance(trial.id);
    trial.path = audio / (trial.id + ".flac");
    trial.partition = request.part;
    return true;
  });
}

}  // namespace bonafide
