#include "corpus/kaldi.h"

#include <fmt/format.h>

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

// Looks an utterance of another file up among those of wav.scp.
class Utterances {
 public:
  explicit Utterances(const fs::path& folder) {
    for_each_entry(folder / "wav.scp", [&](const Entry& entry) {
      check_recording(entry.value);
      Trial trial;
      trial.id = entry.key;
      trial.path = folder / entry.value;
      index_.emplace(trial.id, trials_.size());
      trials_.push_back(std::move(trial));
    });
  }

  Trial& at(std::string_view id) {
    const auto found = index_.find(std::string(id));
    if (found != index_.end()) return trials_[found->second];
    throw UsageError(fmt::format("\"{}\" is not in wav.scp{}", printable(id), hint(id)));
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

  std::vector<Trial> trials_;
  std::unordered_map<std::string, size_t> index_;
};

bool is_there(const fs::path& file) {
  std::error_code unreadable;
  return fs::exists(file, unreadable);
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
      file, [&](const Entry& entry) { utterances.at(entry.key).label = parse_label(entry.value); });
  for (const Trial& trial : utterances.trials()) {
    if (trial.label == Label::kUnknown) {
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

}  // namespace

std::vector<Trial> read_kaldi(const fs::path& folder) {
  if (is_there(folder / "segments")) {
    throw UsageError(fmt::format("{}: stretches of recordings are not read; cut them into files",
                                 printable((folder / "segments").native())));
  }
  Utterances utterances(folder);
  read_labels(folder / "utt2label", utterances);
  read_texts(folder / "utt2spk", utterances, &Trial::speaker);
  read_texts(folder / "utt2attack", utterances, &Trial::attack);
  read_texts(folder / "utt2lang", utterances, &Trial::language);
  read_genders(folder / "spk2gender", utterances.trials());
  for (Trial& trial : utterances.trials()) complete_trial(trial, "");
  return std::move(utterances.trials());
}

}  // namespace bonafide
