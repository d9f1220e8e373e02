#include "corpus/kaldi.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>
#include <unordered_map>

#include "base/error.h"
#include "base/look_alike.h"
#include "base/text.h"
#include "corpus/protocol_line.h"
#include "corpus/trial_fields.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& file) {
  std::error_code unreadable;
  return fs::exists(file, unreadable);
}

// "KEY the rest of the line"
struct Entry {
  std::string_view key;
  std::string_view value;
};

Entry read_entry(std::string_view line) {
  const size_t blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) throw UsageError("no value after the first word");
  return {line.substr(0, blank), trim(line.substr(blank))};
}

void for_each_entry(const fs::path& file, const std::function<void(const Entry&)>& use) {
  const std::string text = read_list(file);
  IdLedger keys(file);
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    Entry entry;
    try {
      entry = read_entry(trim(line));
      use(entry);
    } catch (const UsageError& e) {
      refuse_line(file, number, e.what());
    }
    keys.enter(std::string(entry.key), number);
  }
}

// "foo.ark:1234"
bool is_offset(std::string_view value) {
  const size_t colon = value.rfind(':');
  return colon != std::string_view::npos && colon + 1 < value.size() &&
         value.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

void check_recording(std::string_view value) {
  if (value.ends_with('|') || value.starts_with('|')) {
    throw UsageError(
        fmt::format("\"{}\" is a command; none is run here, write its output to a file first",
                    printable(value, 80)));
  }
  if (value == "-") throw UsageError("standard input is not read here");
  if (is_offset(value)) {
    throw UsageError(
        fmt::format("\"{}\" is an offset into an archive; files are wanted", printable(value, 80)));
  }
}

// What one file of the directory lists, to be looked up by the others.
class Utterances {
 public:
  explicit Utterances(std::string file) : file_(std::move(file)) {}

  void add(Trial trial) {
    index_.emplace(trial.id, trials_.size());
    trials_.push_back(std::move(trial));
  }

  Trial& at(std::string_view id) {
    const auto found = index_.find(std::string(id));
    if (found != index_.end()) return trials_[found->second];
    throw UsageError(fmt::format("\"{}\" is not in {}{}", printable(id), file_, hint(id)));
  }

  std::vector<Trial>& trials() { return trials_; }

 private:
  std::string hint(std::string_view id) const {
    const std::string key = look_alike_key(id);
    for (const Trial& trial : trials_) {
      if (look_alike_key(trial.id) != key) continue;
      return fmt::format(" (did you mean \"{}\"?)", printable(trial.id));
    }
    return "";
  }

  std::string file_;
  std::vector<Trial> trials_;
  std::unordered_map<std::string, size_t> index_;
};

Utterances read_recordings(const fs::path& folder) {
  Utterances recordings("wav.scp");
  for_each_entry(folder / "wav.scp", [&](const Entry& entry) {
    check_recording(entry.value);
    Trial trial;
    trial.id = entry.key;
    trial.path = folder / entry.value;
    recordings.add(std::move(trial));
  });
  return recordings;
}

double seconds_of(std::string_view text) {
  const auto seconds = parse_double(text);
  if (seconds && std::isfinite(*seconds)) return *seconds;
  throw UsageError(fmt::format("\"{}\" is not a time in seconds", printable(text, 40)));
}

// "RECORDING BEGIN END", in seconds; an end of -1 is that of the recording.
Trial read_segment(const Entry& entry, Utterances& recordings) {
  std::vector<std::string_view> fields;
  for (const std::string_view field : split_blanks(entry.value)) fields.push_back(field);
  if (fields.size() != 3) {
    throw UsageError(fmt::format(
        "{} fields; a recording, its begin and its end are expected behind the name{}",
        fields.size(), fields.size() == 4 ? " (one of several channels is not read)" : ""));
  }
  Trial trial = recordings.at(fields[0]);
  trial.id = entry.key;
  Excerpt excerpt{.begin = seconds_of(fields[1])};
  if (const double end = seconds_of(fields[2]); end != -1) excerpt.end = end;
  if (excerpt.begin < 0 || (excerpt.end && *excerpt.end <= excerpt.begin)) {
    throw UsageError(fmt::format("{} to {} s is no stretch of a recording", fields[1], fields[2]));
  }
  trial.excerpt = excerpt;
  return trial;
}

void read_texts(const fs::path& file, Utterances& utterances, std::string Trial::*member) {
  if (!is_there(file)) return;
  for_each_entry(file, [&](const Entry& entry) {
    Trial& trial = utterances.at(entry.key);
    if (!is_missing(entry.value)) trial.*member = entry.value;
  });
}

void read_labels(const fs::path& file, Utterances& utterances) {
  if (!is_there(file)) return;
  for_each_entry(
      file, [&](const Entry& entry) { utterances.at(entry.key).truth = parse_label(entry.value); });
  for (const Trial& trial : utterances.trials()) {
    if (trial.truth == Truth::kUnknown) {
      throw UsageError(
          fmt::format("{}: \"{}\" is missing", printable(file.native()), printable(trial.id)));
    }
  }
}

void read_genders(const fs::path& file, std::vector<Trial>& trials) {
  if (!is_there(file)) return;
  std::unordered_map<std::string, std::string> gender_of;
  for_each_entry(file,
                 [&](const Entry& entry) { gender_of[std::string(entry.key)] = entry.value; });
  for (Trial& trial : trials) {
    const auto found = gender_of.find(trial.speaker);
    if (found != gender_of.end()) trial.gender = found->second;
  }
}

// Those of `segments`, where the directory has it, else the recordings themselves.
Utterances read_utterances(const fs::path& folder) {
  Utterances recordings = read_recordings(folder);
  if (!is_there(folder / "segments")) return recordings;
  Utterances utterances("segments");
  for_each_entry(folder / "segments",
                 [&](const Entry& entry) { utterances.add(read_segment(entry, recordings)); });
  return utterances;
}

}  // namespace

bool has_kaldi_segments(const fs::path& folder) {
  return is_there(folder / "wav.scp") && is_there(folder / "segments");
}

std::vector<Trial> read_kaldi(const fs::path& folder) {
  Utterances utterances = read_utterances(folder);
  read_labels(folder / "utt2label", utterances);
  read_texts(folder / "utt2spk", utterances, &Trial::speaker);
  read_texts(folder / "utt2attack", utterances, &Trial::attack);
  read_texts(folder / "utt2lang", utterances, &Trial::language);
  read_genders(folder / "spk2gender", utterances.trials());
  for (Trial& trial : utterances.trials()) complete_trial(trial, "");
  return std::move(utterances.trials());
}

}  // namespace bonafide
