#include <fmt/format.h>

#include <algorithm>

#include "augment/batch.h"
#include "augment/batch_folder.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/random.h"
#include "base/text.h"
#include "corpus/manifest.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBonaFideFolder = "bonafide";

// Bona fide recordings and their copies by vocoders.
class CopyWork {
 public:
  // `all`: by each of the vocoders, instead of one that is drawn.
  CopyWork(const std::vector<Trial>& trials, const std::vector<const Vocoder*>& vocoders, bool all,
           const BatchOptions& options)
      : trials_(trials),
        names_(unique_names(trials)),
        vocoders_(vocoders),
        all_(all),
        options_(options),
        losses_(trials.size()) {
    fs::create_directories(options.folder / kBonaFideFolder);
    for (const Vocoder* vocoder : vocoders) fs::create_directories(options.folder / vocoder->name);
    claim_names(options.folder, trials, names_, [&](size_t i) { return files_of(i); });
  }

  // Makes what is missing.
  void run(BatchReport& report, Progress& progress) {
    auto outcome = for_each_parallel(
        trials_.size(), options_.threads, "copying", progress, [&](size_t i) { make(i); },
        [&](size_t i) { return shown_name(trials_[i]); });
    enter(report, std::move(outcome), losses_, trials_.size());
  }

  // The trials of what was made.
  std::vector<Trial> made() const {
    std::vector<Trial> written;
    const auto take = [&](size_t i, std::string_view kind, Truth truth) {
      const fs::path file = path(kind, i);
      if (!is_there(file)) return;
      written.push_back(copied_trial(trials_[i], fmt::format("{}/{}", kind, names_[i]), file));
      written.back().truth = truth;
      written.back().attack = truth == Truth::kSpoof ? kind : "";
    };
    for (size_t i = 0; i < trials_.size(); ++i) {
      take(i, kBonaFideFolder, Truth::kBonaFide);
      for (const Vocoder* vocoder : chosen(i)) take(i, vocoder->name, Truth::kSpoof);
    }
    return written;
  }

 private:
  std::vector<const Vocoder*> chosen(size_t i) const {
    if (all_) return vocoders_;
    Random random(options_.seed, hash(trials_[i].id));
    return {vocoders_[random.below(vocoders_.size())]};
  }

  fs::path path(std::string_view kind, size_t i) const {
    return options_.folder / kind / (names_[i] + ".flac");
  }

  std::vector<fs::path> files_of(size_t i) const {
    std::vector<fs::path> files = {path(kBonaFideFolder, i)};
    for (const Vocoder* vocoder : vocoders_) files.push_back(path(vocoder->name, i));
    return files;
  }

  bool is_done(size_t i) const {
    const auto list = chosen(i);
    return is_there(path(kBonaFideFolder, i)) &&
           std::all_of(list.begin(), list.end(),
                       [&](const Vocoder* vocoder) { return is_there(path(vocoder->name, i)); });
  }

  void make(size_t i) {
    if (is_done(i)) return;
    const auto list = chosen(i);
    const Waveform original = losses_.decode_noting(i, trials_[i], options_.sample_rate);
    std::vector<Waveform> copies;
    // One gain for all, or the level would tell them apart.
    float gain = safe_gain(original.samples);
    for (const Vocoder* vocoder : list) {
      const uint64_t seed = scatter(options_.seed) ^ hash(trials_[i].id) ^ hash(vocoder->name);
      copies.push_back(copy_synthesis(original, *vocoder, seed));
      gain = std::min(gain, safe_gain(copies.back().samples));
    }
    for (size_t v = 0; v < list.size(); ++v) {
      write_scaled(path(list[v]->name, i), copies[v], gain);
    }
    write_scaled(path(kBonaFideFolder, i), original, gain);
  }

  const std::vector<Trial>& trials_;
  std::vector<std::string> names_;
  const std::vector<const Vocoder*>& vocoders_;
  bool all_;
  const BatchOptions& options_;
  Losses losses_;
};

// "speaker path - vocoder bonafide|spoof", as ASVspoof 2019 has them.
std::string protocol_of(const std::vector<Trial>& trials) {
  std::string protocol;
  for (const Trial& trial : trials) {
    protocol +=
        fmt::format("{} {} - {} {}\n", trial.speaker.empty() ? "-" : without_blanks(trial.speaker),
                    trial.id, trial.attack.empty() ? "-" : trial.attack, name_of(trial.truth));
  }
  return protocol;
}

}  // namespace

BatchReport copysynth_batch(const std::vector<Trial>& trials,
                            const std::vector<const Vocoder*>& vocoders, bool all,
                            const BatchOptions& options, Progress& progress) {
  Json names_of_vocoders = Json::array();
  for (const Vocoder* vocoder : vocoders) names_of_vocoders.push_back(vocoder->name);
  claim_results(options, {{"vocoders", names_of_vocoders}, {"all", all}}, trials);

  std::vector<Trial> originals;
  for (const Trial& trial : trials) {
    if (trial.truth != Truth::kSpoof) originals.push_back(trial);
  }
  BatchReport report;
  report.left_out = trials.size() - originals.size();
  CopyWork work(originals, vocoders, all, options);
  work.run(report, progress);
  if (report.interrupted) return report;
  const std::vector<Trial> made = work.made();
  write_manifest(options.folder / "manifest.csv", made);
  write_atomically(options.folder / "protocol.txt", protocol_of(made));
  return report;
}

}  // namespace bonafide
