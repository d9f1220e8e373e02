#include "corpus/sets/voxceleb.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "corpus/protocol.h"
#include "corpus/protocol_line.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

// Lists say .wav even where the copy still has the .m4a of the release.
fs::path recording(const fs::path& audio, std::string_view name) {
  check_below(name);
  fs::path path = audio / name;
  if (audio.filename() == "aac") path.replace_extension(".m4a");
  return path;
}

std::string speaker_of(std::string_view name) {
  return std::string(name.substr(0, name.find('/')));
}

Trial read_trial(const std::vector<std::string_view>& fields, const fs::path& audio) {
  if (fields.size() != 3 || (fields[0] != "0" && fields[0] != "1")) {
    throw UsageError("not a trial (0 or 1, enrolment, test)");
  }
  Trial trial;
  trial.id = fields[2];
  trial.path = recording(audio, fields[2]);
  trial.speaker = speaker_of(fields[2]);
  trial.claimed_speaker = speaker_of(fields[1]);
  trial.truth = fields[0] == "1" ? Truth::kTarget : Truth::kNontarget;
  trial.has_asv_key = true;
  trial.enrolments = std::make_shared<const std::vector<fs::path>>(
      std::vector<fs::path>{recording(audio, fields[1])});
  return trial;
}

Trial read_recording(const std::vector<std::string_view>& fields, const fs::path& audio) {
  if (fields.size() != 2) throw UsageError("not a speaker and a recording");
  const bool path_first = fields[0].find('/') != std::string_view::npos;
  Trial trial;
  trial.id = fields[path_first ? 0 : 1];
  trial.path = recording(audio, trial.id);
  trial.truth = Truth::kBonaFide;
  trial.speaker = fields[path_first ? 1 : 0];
  return trial;
}

template <typename Read>
std::vector<Trial> read_lines(const fs::path& list, const fs::path& audio, const Read& read) {
  const std::string text = read_list(list);
  std::vector<Trial> trials;
  IdLedger ids(list);
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const auto fields = split_blanks(line);
    if (fields.empty()) continue;
    try {
      trials.push_back(read(fields, audio));
    } catch (const UsageError& e) {
      refuse_line(list, number, e.what());
    }
    ids.enter(identity(trials.back()), number);
  }
  return trials;
}

}  // namespace

std::vector<Trial> read_voxceleb_trials(const fs::path& list, const fs::path& audio) {
  return read_lines(list, audio, read_trial);
}

std::vector<Trial> read_voxceleb_list(const fs::path& list, const fs::path& audio) {
  return read_lines(list, audio, read_recording);
}

fs::path voxceleb_audio(const fs::path& root) {
  return find_below(root, {"wav", "dev/wav", "aac", "dev/aac", "."});
}

}  // namespace bonafide
