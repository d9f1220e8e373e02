#include <fmt/format.h>

#include "base/csv.h"
#include "base/error.h"
#include "corpus/protocol.h"
#include "corpus/protocol_line.h"
#include "corpus/sets/sets.h"

namespace bonafide {

namespace {

constexpr size_t kPathColumn = 0;
constexpr size_t kAttackColumn = 2;
constexpr std::string_view kBonaFide = "a00";

Trial read_trial(const std::vector<std::string>& fields, const std::filesystem::path& audio) {
  if (fields.size() <= kAttackColumn) {
    throw UsageError(
        fmt::format("{} fields; at least 3 are needed (path, ..., attack)", fields.size()));
  }
  Trial trial;
  trial.id = fields[kPathColumn];
  check_below(trial.id);
  trial.path = audio / trial.id;
  const std::string& attack = fields[kAttackColumn];
  trial.truth = attack == kBonaFide ? Truth::kBonaFide : Truth::kSpoof;
  if (trial.truth == Truth::kSpoof) trial.attack = attack;
  return trial;
}

std::vector<Trial> read(const CorpusRequest& request) {
  check_part("spoofceleb", {"train", "development", "evaluation"}, request.part);
  const auto list = request.root / fmt::format("metadata/{}.csv", request.part);
  const auto audio = request.root / "flac" / request.part;
  const std::string text = read_list(list);
  CsvReader reader(text, list.native());
  reader.next();  // the header
  std::vector<Trial> trials;
  IdLedger ids(list);
  while (const auto fields = reader.next()) {
    try {
      trials.push_back(read_trial(*fields, audio));
    } catch (const UsageError& e) {
      refuse_line(list, reader.line(), e.what());
    }
    trials.back().partition = request.part;
    ids.enter(trials.back().id, reader.line());
  }
  return trials;
}

}  // namespace

Corpus describe_spoofceleb() {
  return {"spoofceleb",
          "SpoofCeleb: VoxCeleb1 voices, bona fide and synthesised",
          "ROOT/metadata/{train,development,evaluation}.csv with a header; column 1: recording, "
          "column 3: attack (a00: bona fide)\n"
          "ROOT/flac/{train,development,evaluation}/RECORDING",
          {"train", "development", "evaluation"},
          read};
}

}  // namespace bonafide
