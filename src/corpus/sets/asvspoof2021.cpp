#include "corpus/sets/asvspoof2021.h"

#include <fmt/format.h>

#include "base/text.h"
#include "corpus/protocol.h"
#include "corpus/sets/asvspoof2019.h"

namespace bonafide {

std::vector<Trial> read_asvspoof2021(const CorpusRequest& request,
                                     const Asvspoof2021Evaluation& track) {
  const bool all = request.part.empty() && !request.list.empty();
  if (!all) check_part("asvspoof2021-" + lower(track.name), track.parts, request.part);
  const std::string unpacked = fmt::format("keys/{}/CM/trial_metadata.txt", track.name);
  const auto key =
      find_list(request, {unpacked, "keys/CM/trial_metadata.txt", "trial_metadata.txt"});
  const std::string official = fmt::format("ASVspoof2021_{}_eval/flac", track.name);
  const auto audio = find_below(request.root, {official, "flac"});
  return read_protocol(key, {ColumnList(track.columns)}, [&](Trial& trial) {
    check_utterance(trial.id);
    trial.path = audio / (trial.id + ".flac");
    if (track.name != "PA") add_attack_type(trial);
    if (!all) return track.belongs(trial, request.part);
    for (const std::string_view part : track.parts) {
      if (track.belongs(trial, part)) break;
    }
    return true;
  });
}

bool in_subset(const Trial& trial, std::string_view part) { return trial.partition == part; }

}  // namespace bonafide
