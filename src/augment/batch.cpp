#include "augment/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "audio/decode.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/owned_folder.h"
#include "base/text.h"
#include "corpus/check_state.h"
#include "corpus/flac_file.h"
#include "corpus/manifest.h"
#include "corpus/parallel.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

std::string shown_name(const Trial& trial) { return printable(location_of(trial).name()); }

// The factor that keeps a peak within 16 bits; 1 where it is anyway.
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

// The folder that the results go into. `settings`: those besides `options`.
void claim_results(const BatchOptions& options, Json settings, const std::vector<Trial>& trials) {
  expect_elsewhere(trials, options.folder);
  settings["seed"] = options.seed;
  settings["sample_rate"] = options.sample_rate;
  claim_folder(options.folder, settings);
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

// Removes what was made of other recordings than these under their names (`files_of` lists a
// trial's), and notes what they are now.
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

// What a protocol's field may hold: no blanks.
std::string without_blanks(std::string text) {
  for (char& c : text) c = static_cast<unsigned char>(c) <= ' ' ? '_' : c;
  return text;
}

// The stem without what could leave the folder, hide a file or break a protocol's columns.
std::string safe_stem(const fs::path& path) {
  std::string stem = without_blanks(path.stem().string());
  while (!stem.empty() && stem.front() == '.') stem.erase(stem.begin());
  constexpr size_t kLongest = 150;
  if (stem.size() > kLongest) stem.resize(kLongest);
  return stem.empty() ? "recording" : stem;
}

// The decoder's losses of each trial, noted by any number of threads.
class Losses {
 public:
  explicit Losses(size_t trials) : of_(trials) {}

  Waveform decode_noting(size_t i, const Trial& trial, int sample_rate) {
    Recording recording = decode(location_of(trial), {.sample_rate = sample_rate});
    const std::string losses = losses_of(recording);
    if (!losses.empty()) of_[i] = fmt::format("{}: {}", shown_name(trial), losses);
    return std::move(recording.waveform);
  }

  // In the trials' order.
  std::vector<std::string> take() {
    std::erase(of_, "");
    return std::move(of_);
  }

 private:
  std::vector<std::string> of_;
};

void fill(BatchReport& report, ParallelOutcome outcome, Losses& losses, size_t items) {
  report.reasons = std::move(outcome.reasons);
  report.losses = losses.take();
  report.interrupted = outcome.interrupted;
  report.made = items - std::min(items, report.reasons.size());
}

}  // namespace

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

BatchReport augment_batch(const std::vector<Trial>& trials, const Augmentation& augmentation,
                          const Json& settings, size_t copies, const BatchOptions& options,
                          const AugmentHooks& hooks, Progress& progress) {
  claim_results(options, {{"steps", settings}, {"copies", copies}}, trials);
  const auto names = unique_names(trials);
  const auto name_of_copy = [&](size_t i, size_t copy) {
    return copies == 1 ? names[i] : fmt::format("{}.{}", names[i], copy + 1);
  };
  const auto path_of = [&](size_t i, size_t copy) {
    return options.folder / (name_of_copy(i, copy) + ".flac");
  };
  claim_names(options.folder, trials, names, [&](size_t i) {
    std::vector<fs::path> files;
    for (size_t copy = 0; copy < copies; ++copy) files.push_back(path_of(i, copy));
    return files;
  });
  Losses losses(trials.size());
  const auto work = [&](size_t i) {
    std::optional<Waveform> original;
    for (size_t copy = 0; copy < copies; ++copy) {
      const fs::path path = path_of(i, copy);
      if (is_there(path) && (!hooks.is_made || hooks.is_made(name_of_copy(i, copy)))) continue;
      if (!original) original = losses.decode_noting(i, trials[i], options.sample_rate);
      Random random(options.seed, scatter(hash(trials[i].id)) + copy);
      const Waveform changed = augmentation.apply(*original, random);
      // Pictures first: the recording is what says that all is done.
      if (hooks.made) hooks.made(name_of_copy(i, copy), *original, changed);
      write_scaled(path, changed, safe_gain(changed.samples));
    }
  };
  BatchReport report;
  fill(report,
       for_each_parallel(trials.size(), options.threads, "augmenting", progress, work,
                         [&](size_t i) { return shown_name(trials[i]); }),
       losses, trials.size());
  if (report.interrupted) return report;
  std::vector<Trial> written;
  for (size_t i = 0; i < trials.size(); ++i) {
    for (size_t copy = 0; copy < copies; ++copy) {
      if (!is_there(path_of(i, copy))) continue;
      written.push_back(trials[i]);
      written.back().id = name_of_copy(i, copy);
      written.back().path = path_of(i, copy);
      written.back().member = {};
      written.back().excerpt.reset();
    }
  }
  write_manifest(options.folder / "manifest.csv", written);
  return report;
}

namespace {

// One bona fide recording and its copies.
class CopyWork {
 public:
  CopyWork(const std::vector<const Vocoder*>& vocoders, bool all, const BatchOptions& options)
      : vocoders_(vocoders), all_(all), options_(options) {}

  std::vector<const Vocoder*> chosen(const Trial& trial) const {
    if (all_) return vocoders_;
    Random random(options_.seed, hash(trial.id));
    return {vocoders_[random.below(vocoders_.size())]};
  }

  fs::path path(std::string_view kind, const std::string& name) const {
    return options_.folder / kind / (name + ".flac");
  }

  // `decoded` gives the recording.
  void make(const Trial& trial, const std::string& name,
            const std::function<Waveform()>& decoded) const {
    const auto list = chosen(trial);
    bool done = is_there(path("bonafide", name));
    for (const Vocoder* vocoder : list) done = done && is_there(path(vocoder->name, name));
    if (done) return;
    const Waveform original = decoded();
    std::vector<Waveform> copies;
    // One gain for all, or the level would tell them apart.
    float gain = safe_gain(original.samples);
    for (const Vocoder* vocoder : list) {
      const uint64_t seed = scatter(options_.seed) ^ hash(trial.id) ^ hash(vocoder->name);
      copies.push_back(copy_synthesis(original, *vocoder, seed));
      gain = std::min(gain, safe_gain(copies.back().samples));
    }
    for (size_t v = 0; v < list.size(); ++v)
      write_scaled(path(list[v]->name, name), copies[v], gain);
    write_scaled(path("bonafide", name), original, gain);
  }

 private:
  const std::vector<const Vocoder*>& vocoders_;
  bool all_;
  const BatchOptions& options_;
};

}  // namespace

BatchReport copysynth_batch(const std::vector<Trial>& trials,
                            const std::vector<const Vocoder*>& vocoders, bool all,
                            const BatchOptions& options, Progress& progress) {
  Json names_of_vocoders = Json::array();
  for (const Vocoder* vocoder : vocoders) names_of_vocoders.push_back(vocoder->name);
  claim_results(options, {{"vocoders", names_of_vocoders}, {"all", all}}, trials);
  fs::create_directories(options.folder / "bonafide");
  for (const Vocoder* vocoder : vocoders) fs::create_directories(options.folder / vocoder->name);

  BatchReport report;
  std::vector<Trial> originals;
  for (const Trial& trial : trials) {
    if (trial.truth == Truth::kSpoof) {
      ++report.left_out;
    } else {
      originals.push_back(trial);
    }
  }
  const auto names = unique_names(originals);
  const CopyWork copies(vocoders, all, options);
  claim_names(options.folder, originals, names, [&](size_t i) {
    std::vector<fs::path> files = {copies.path("bonafide", names[i])};
    for (const Vocoder* vocoder : vocoders) files.push_back(copies.path(vocoder->name, names[i]));
    return files;
  });
  Losses losses(originals.size());
  const auto work = [&](size_t i) {
    copies.make(originals[i], names[i],
                [&] { return losses.decode_noting(i, originals[i], options.sample_rate); });
  };
  fill(report,
       for_each_parallel(originals.size(), options.threads, "copying", progress, work,
                         [&](size_t i) { return shown_name(originals[i]); }),
       losses, originals.size());
  if (report.interrupted) return report;

  std::vector<Trial> written;
  std::string protocol;
  const auto enter = [&](size_t i, const std::string& kind, Truth label) {
    const fs::path path = copies.path(kind, names[i]);
    if (!is_there(path)) return;
    Trial trial = originals[i];
    trial.id = fmt::format("{}/{}", kind, names[i]);
    trial.path = path;
    trial.member = {};
    trial.excerpt.reset();
    trial.truth = label;
    trial.attack = label == Truth::kSpoof ? kind : "";
    written.push_back(trial);
    protocol +=
        fmt::format("{} {} - {} {}\n", trial.speaker.empty() ? "-" : without_blanks(trial.speaker),
                    trial.id, label == Truth::kSpoof ? kind : "-", name_of(label));
  };
  for (size_t i = 0; i < originals.size(); ++i) {
    enter(i, "bonafide", Truth::kBonaFide);
    for (const Vocoder* vocoder : copies.chosen(originals[i])) {
      enter(i, std::string(vocoder->name), Truth::kSpoof);
    }
  }
  write_manifest(options.folder / "manifest.csv", written);
  write_atomically(options.folder / "protocol.txt", protocol);
  return report;
}

}  // namespace bonafide
