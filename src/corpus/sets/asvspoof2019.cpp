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

// "" for what is no attack of Logical Access.
std::string_view attack_type(std::string_view attack) {
  const auto number = attack.starts_with('A') ? parse_double(attack.substr(1)).value_or(0) : 0;
  if ((number >= 1 && number <= 4) || (number >= 7 && number <= 12) || number == 16) return "TTS";
  if (number == 5 || number == 6 || (number >= 17 && number <= 19)) return "VC";
  return number >= 13 && number <= 15 ? "TTS-VC" : "";
}

}  // namespace

void add_attack_type(Trial& trial) {
  const std::string_view type = attack_type(trial.attack);
  if (!type.empty()) trial.conditions.push_back({"attack-type", std::string(type)});
}

std::vector<Trial> read_asvspoof2019(const CorpusRequest& request, std::string_view track,
                                     std::string_view columns) {
  check_part("asvspoof2019-" + lower(track), {"train", "dev", "eval"}, request.part);
  const auto audio = request.root / fmt::format("ASVspoof2019_{}_{}", track, request.part) / "flac";
  return read_protocol(protocol_of(request, track), {ColumnList(columns)}, [&](Trial& trial) {
    check_utterance(trial.id);
    trial.path = audio / (trial.id + ".flac");
    trial.partition = request.part;
    if (track == "LA") add_attack_type(trial);
    return true;
  });
}

}  // namespace bonafide
