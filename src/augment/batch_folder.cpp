#include "augment/batch_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "audio/decode.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/owned_folder.h"
#include "base/text.h"
#include "corpus/check_state.h"
#include "corpus/flac_file.h"

namespace bonafide {

namespace fs = std::filesystem;

namespace {

// Recordings are never written over. Throws UsageError.
void expect_elsewhere(const std::vector<Trial>& trials, const fs::path& folder) {
  const fs::path whole = fs::weakly_canonical(folder);
  for (const Trial& trial : trials) {
    std::error_code missing;
    const fs::path path = fs::weakly_canonical(trial.path, missing);
    if (std::mismatch(whole.begin(), whole.end(), path.begin(), path.end()).first != whole.end()) {
      continue;
    }
    throw UsageError(fmt::format("{}: lies in {}, where the results go; name another folder",
                                 printable(trial.path.native()), printable(folder.native())));
  }
}

// Which recording it is, and in which state: another file or member, or a changed one, has another.
std::string fingerprint(const Trial& trial) {
  return fmt::format(
      "{:016x}",
      hash(fmt::format("{:016x}\n{}", CheckState::fingerprint(location_of(trial)), trial.id)));
}

std::map<std::string, std::string> read_sources(const fs::path& file) {
  std::map<std::string, std::string> sources;
  if (!is_there(file)) return sources;
  const std::string text = read_text(file);
  CsvReader reader(text, file.native(), ',');
  while (const auto fields = reader.next()) {
    if (fields->size() == 2) sources[fields->front()] = fields->back();
  }
  return sources;
}

// The stem without what could leave the folder, hide a file or break a protocol's columns.
std::string safe_stem(const fs::path& path) {
  std::string stem = without_blanks(path.stem().string());
  while (!stem.empty() && stem.front() == '.') stem.erase(stem.begin());
  constexpr size_t kLongest = 150;
  if (stem.size() > kLongest) stem.resize(kLongest);
  return stem.empty() ? "recording" : stem;
}

}  // namespace

std::string shown_name(const Trial& trial) { return printable(location_of(trial).name()); }

float safe_gain(std::span<const float> samples) {
  float peak = 0;
  for (const float sample : samples) {
    if (std::isfinite(sample)) peak = std::max(peak, std::abs(sample));
  }
  constexpr float kHighest = 32767.0f / 32768;
  return peak > kHighest ? kHighest / peak : 1.0f;
}

void write_scaled(const fs::path& path, const Waveform& waveform, float gain) {
  std::vector<int16_t> integers;
  for (const float sample : waveform.samples) {
    if (!std::isfinite(sample))
      throw Error(fmt::format("{}: a sample is not finite", path.string()));
    integers.push_back(static_cast<int16_t>(
        std::clamp(std::nearbyint(sample * gain * 32768), -32768.0f, 32767.0f)));
  }
  write_flac(path, integers, waveform.sample_rate);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

void claim_results(const BatchOptions& options, Json settings, const std::vector<Trial>& trials) {
  expect_elsewhere(trials, options.folder);
  settings["seed"] = options.seed;
  settings["sample_rate"] = options.sample_rate;
  claim_folder(options.folder, settings);
}

void claim_names(const fs::path& folder, const std::vector<Trial>& trials,
                 const std::vector<std::string>& names,
                 const std::function<std::vector<fs::path>(size_t)>& files_of) {
  const fs::path file = folder / "sources.csv";
  auto sources = read_sources(file);
  for (size_t i = 0; i < trials.size(); ++i) {
    std::string& known = sources[names[i]];
    const std::string now = fingerprint(trials[i]);
    if (known == now) continue;
    for (const fs::path& path : files_of(i)) {
      if (known.empty() && is_there(path)) {
        throw UsageError(fmt::format("{}: was not made here, and is not written over",
                                     printable(path.native())));
      }
      fs::remove(path);
    }
    known = now;
  }
  std::string text = csv_line({"name", "recording"});
  for (const auto& [name, recording] : sources) {
    if (name != "name") text += csv_line({name, recording});
  }
  write_atomically(file, text);
}

std::string without_blanks(std::string text) {
  for (char& c : text) c = static_cast<unsigned char>(c) <= ' ' ? '_' : c;
  return text;
}

Trial copied_trial(const Trial& original, std::string id, fs::path path) {
  Trial trial = original;
  trial.id = std::move(id);
  trial.path = std::move(path);
  trial.member = {};
  trial.excerpt.reset();
  return trial;
}

Waveform Losses::decode_noting(size_t i, const Trial& trial, int sample_rate) {
  Recording recording = decode(location_of(trial), {.sample_rate = sample_rate});
  const std::string losses = losses_of(recording);
  if (!losses.empty()) of_[i] = fmt::format("{}: {}", shown_name(trial), losses);
  return std::move(recording.waveform);
}

std::vector<std::string> Losses::take() {
  std::erase(of_, "");
  return std::move(of_);
}

void enter(BatchReport& report, ParallelOutcome outcome, Losses& losses, size_t items) {
  report.reasons = std::move(outcome.reasons);
  report.losses = losses.take();
  report.interrupted = outcome.interrupted;
  report.made = items - std::min(items, report.reasons.size());
}

std::vector<std::string> unique_names(const std::vector<Trial>& trials) {
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const Trial& trial : trials) {
    const std::string stem =
        safe_stem(trial.member.empty() ? trial.path : fs::path(trial.member.name));
    std::string name = stem;
    for (size_t n = 2; !taken.insert(name).second; ++n) name = fmt::format("{}-{}", stem, n);
    names.push_back(name);
  }
  return names;
}

}  // namespace bonafide
