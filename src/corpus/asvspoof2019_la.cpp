#include "corpus/asvspoof2019_la.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "corpus/protocol_line.h"

namespace bonafide {

namespace {

// "-" means none.
std::string value_or_none(std::string_view field) {
  return field == "-" ? std::string() : std::string(field);
}

// "LA_0039 LA_E_2834763 - A11 spoof": speaker, utterance, unused, attack, key.
Trial read_trial(const std::vector<std::string_view>& fields) {
  if (fields.size() != 5) {
    throw UsageError(
        fmt::format("{} columns; a line has 5 (speaker utterance - attack key)", fields.size()));
  }
  if (fields[1].find('/') != std::string_view::npos) {
    throw UsageError(fmt::format("\"{}\" is not an utterance", printable(fields[1])));
  }
  Trial trial;
  trial.id = fields[1];
  trial.label = parse_label(fields[4]);
  trial.speaker = value_or_none(fields[0]);
  trial.attack = value_or_none(fields[3]);
  return trial;
}

std::filesystem::path protocol_of(const CorpusRequest& request) {
  const auto folder = request.root / "ASVspoof2019_LA_cm_protocols";
  const std::string stem = fmt::format("ASVspoof2019.LA.cm.{}.", request.part);
  const auto training_list = folder / (stem + "trn.txt");
  if (request.part != "train") return folder / (stem + "trl.txt");
  // Copies of the data set exist that call the training list .trl as well.
  const auto other_name = folder / (stem + "trl.txt");
  std::error_code unreadable;  // then reading says why
  return !std::filesystem::exists(training_list, unreadable) &&
                 std::filesystem::exists(other_name, unreadable)
             ? other_name
             : training_list;
}

}  // namespace

std::vector<Trial> read_asvspoof2019_la(const CorpusRequest& request) {
  if (request.part != "train" && request.part != "dev" && request.part != "eval") {
    throw UsageError(fmt::format("asvspoof2019-la: no part \"{}\" (train, dev or eval)",
                                 printable(request.part)));
  }
  const auto protocol = protocol_of(request);
  std::string text;
  try {
    text = read_text(protocol);
  } catch (const Error& e) {
    throw UsageError(fmt::format("{} (the folder of ASVspoof 2019 LA is needed)", e.what()));
  }
  const auto audio = request.root / fmt::format("ASVspoof2019_LA_{}", request.part) / "flac";
  std::vector<Trial> trials;
  IdLedger ids(protocol);
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const auto fields = split_blanks(line);
    if (fields.empty()) continue;
    try {
      trials.push_back(read_trial(fields));
    } catch (const UsageError& e) {
      refuse_line(protocol, number, e.what());
    }
    Trial& trial = trials.back();
    ids.enter(trial.id, number);
    trial.path = audio / (trial.id + ".flac");
    trial.partition = request.part;
  }
  return trials;
}

}  // namespace bonafide
