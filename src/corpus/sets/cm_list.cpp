#include "audio/decode.h"
#include "base/text.h"
#include "corpus/protocol.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

// Lists circulate that call the folder "wav", though the release has "flac".
std::string released_name(std::string name) {
  const size_t at = name.find("/wav/");
  if (name.starts_with("ASVspoof2019_") && at != std::string::npos) name.replace(at, 5, "/flac/");
  return name;
}

std::vector<Trial> read(const CorpusRequest& request) {
  const ColumnList columns("speaker id environment attack label");
  return read_protocol(request.root / request.part, {columns}, [&](Trial& trial) {
    check_below(trial.id);
    trial.path = request.root / released_name(trial.id);
    if (!has_audio_extension(trial.path)) trial.path += ".flac";
    return true;
  });
}

}  // namespace

Corpus describe_cm_list() {
  return {"cm-list",
          "any recordings in a list as ASVspoof 2019 has them",
          "ROOT/PART: a list with lines \"speaker recording - attack label\"\n"
          "ROOT/RECORDING, with .flac where it has no extension of audio",
          {},
          read};
}

}  // namespace bonafide
