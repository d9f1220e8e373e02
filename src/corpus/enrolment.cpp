#include "corpus/enrolment.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "corpus/protocol.h"
#include "corpus/protocol_line.h"

namespace bonafide {

namespace {

std::vector<std::filesystem::path> read_recordings(std::string_view list,
                                                   const std::filesystem::path& audio) {
  std::vector<std::filesystem::path> recordings;
  for (const std::string_view name : split(list, ',')) {
    if (name.empty()) throw UsageError("an enrolment without a name");
    check_utterance(name);
    recordings.push_back(audio / (std::string(name) + ".flac"));
  }
  return recordings;
}

}  // namespace

std::map<std::string, Enrolments> read_enrolments(const std::vector<std::filesystem::path>& lists,
                                                  const std::filesystem::path& audio) {
  std::map<std::string, Enrolments> enrolments;
  for (const auto& list : lists) {
    const std::string text = read_list(list);
    size_t number = 0;
    for (const std::string_view line : split(text, '\n')) {
      ++number;
      const auto fields = split_blanks(line);
      if (fields.empty()) continue;
      try {
        if (fields.size() != 2) {
          throw UsageError(fmt::format("{} columns; a line has 2 (speaker utterance,utterance,...)",
                                       fields.size()));
        }
        auto recordings = std::make_shared<const std::vector<std::filesystem::path>>(
            read_recordings(fields[1], audio));
        if (!enrolments.emplace(fields[0], std::move(recordings)).second) {
          throw UsageError(fmt::format("speaker \"{}\" again", printable(fields[0])));
        }
      } catch (const UsageError& e) {
        refuse_line(list, number, e.what());
      }
    }
  }
  return enrolments;
}

void enrol(Trial& trial, const std::map<std::string, Enrolments>& enrolments) {
  const auto at = enrolments.find(trial.claimed_speaker);
  if (at == enrolments.end()) {
    throw UsageError(
        fmt::format("speaker \"{}\" has no enrolment", printable(trial.claimed_speaker)));
  }
  trial.enrolments = at->second;
}

}  // namespace bonafide
