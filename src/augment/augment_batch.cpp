#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "augment/batch.h"
#include "augment/batch_folder.h"
#include "base/json_value.h"
#include "base/random.h"
#include "base/text.h"
#include "corpus/manifest.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

// The changed copies of a list of recordings.
class AugmentWork {
 public:
  AugmentWork(const std::vector<Trial>& trials, const Augmentation& augmentation, size_t copies,
              const BatchOptions& options, const AugmentHooks& hooks)
      : trials_(trials),
        names_(unique_names(trials)),
        augmentation_(augmentation),
        copies_(copies),
        options_(options),
        hooks_(hooks),
        losses_(trials.size()) {
    claim_names(options.folder, trials, names_, [&](size_t i) { return files_of(i); });
  }

  // Makes what is missing.
  BatchReport run(Progress& progress) {
    BatchReport report;
    auto outcome = for_each_parallel(
        trials_.size(), options_.threads, "augmenting", progress, [&](size_t i) { make(i); },
        [&](size_t i) { return shown_name(trials_[i]); });
    enter(report, std::move(outcome), losses_, trials_.size());
    return report;
  }

  // The trials of what was made.
  std::vector<Trial> made() const {
    std::vector<Trial> written;
    for (size_t i = 0; i < trials_.size(); ++i) {
      for (size_t copy = 0; copy < copies_; ++copy) {
        const fs::path path = path_of(i, copy);
        if (is_there(path)) written.push_back(copied_trial(trials_[i], name_of(i, copy), path));
      }
    }
    return written;
  }

 private:
  std::string name_of(size_t i, size_t copy) const {
    return copies_ == 1 ? names_[i] : fmt::format("{}.{}", names_[i], copy + 1);
  }

  fs::path path_of(size_t i, size_t copy) const {
    return options_.folder / (name_of(i, copy) + ".flac");
  }

  std::vector<fs::path> files_of(size_t i) const {
    std::vector<fs::path> files;
    for (size_t copy = 0; copy < copies_; ++copy) files.push_back(path_of(i, copy));
    return files;
  }

  bool is_done(size_t i, size_t copy) const {
    return is_there(path_of(i, copy)) && (!hooks_.is_made || hooks_.is_made(name_of(i, copy)));
  }

  void make(size_t i) {
    std::optional<Waveform> original;
    for (size_t copy = 0; copy < copies_; ++copy) {
      if (is_done(i, copy)) continue;
      if (!original) original = losses_.decode_noting(i, trials_[i], options_.sample_rate);
      Random random(options_.seed, scatter(hash(trials_[i].id)) + copy);
      const Waveform changed = augmentation_.apply(*original, random);
      // Pictures first: the recording is what says that all is done.
      if (hooks_.made) hooks_.made(name_of(i, copy), *original, changed);
      write_scaled(path_of(i, copy), changed, safe_gain(changed.samples));
    }
  }

  const std::vector<Trial>& trials_;
  std::vector<std::string> names_;
  const Augmentation& augmentation_;
  size_t copies_;
  const BatchOptions& options_;
  const AugmentHooks& hooks_;
  Losses losses_;
};

}  // namespace

BatchReport augment_batch(const std::vector<Trial>& trials, const Augmentation& augmentation,
                          const Json& settings, size_t copies, const BatchOptions& options,
                          const AugmentHooks& hooks, Progress& progress) {
  claim_results(options, {{"steps", settings}, {"copies", copies}}, trials);
  AugmentWork work(trials, augmentation, copies, options, hooks);
  BatchReport report = work.run(progress);
  if (!report.interrupted) write_manifest(options.folder / "manifest.csv", work.made());
  return report;
}

}  // namespace bonafide
