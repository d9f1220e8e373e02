#include "minicorpus/minicorpus.h"

#include <fmt/format.h>

#include <algorithm>

#include "audio/decode.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/owned_folder.h"
#include "base/scratch_folder.h"
#include "base/text.h"
#include "corpus/flac_file.h"
#include "corpus/parallel.h"
#include "minicorpus/notes.h"
#include "minicorpus/split.h"

namespace bonafide {

namespace {

constexpr int kRate = 16000;
constexpr double kGapSeconds = 0.12;  // between two prompts
constexpr double kMostSilence = 1;    // seconds before the voice in a prompt, as a rule

void make_folders(const MinicorpusOptions& options) {
  claim_folder(options.folder, {{"scale", options.scale}, {"seed", options.seed}});
  std::filesystem::create_directories(work_folder(options));
  for (const std::string_view partition : mini_partitions()) {
    std::filesystem::create_directories(options.folder / partition);
  }
}

// The prompt as the utterance uses it: copied, coded, limited in band, trimmed. No more of it is
// read than `seconds` of voice may need.
std::vector<float> prepare_prompt(const MiniUtterance& utterance, const std::filesystem::path& path,
                                  double seconds, const MinicorpusOptions& options) {
  Waveform prompt = decode(path, {.sample_rate = coding_rate(utterance.channel),
                                  .max_seconds = seconds + kMostSilence})
                        .waveform;
  if (utterance.copy != nullptr) {
    const ScratchFolder scratch(work_folder(options) / (utterance.trial.id + ".scratch"));
    prompt = utterance.copy->copy(prompt, scratch.path(),
                                  options.seed ^ hash(utterance.trial.id + path.native()));
  }
  if (!utterance.coded) prompt = through_codec(prompt, utterance.channel);
  return trim_silence(limit_band(prompt, utterance.channel).samples, kRate);
}

void make_utterance(const MiniUtterance& utterance, const MinicorpusOptions& options) {
  if (std::filesystem::exists(utterance.trial.path)) return;
  Random length(options.seed, hash(utterance.length_of));
  const auto wanted = static_cast<size_t>(draw_seconds(length) * kRate);
  std::vector<float> samples;
  for (const auto& path : utterance.prompts) {
    if (samples.size() >= wanted) break;
    if (!samples.empty()) samples.resize(samples.size() + static_cast<size_t>(kGapSeconds * kRate));
    const double missing = static_cast<double>(wanted - std::min(wanted, samples.size())) / kRate;
    const std::vector<float> prompt = prepare_prompt(utterance, path, missing, options);
    samples.insert(samples.end(), prompt.begin(), prompt.end());
  }
  if (samples.size() < wanted) {
    throw Error(fmt::format("{}: its prompts are too short", utterance.trial.id));
  }
  samples.resize(wanted);
  Random level(options.seed, hash(utterance.trial.id + " level"));
  write_flac(utterance.trial.path, set_level(samples, level), kRate);
}

// Sentences that go to one process.
struct Batch {
  const Voice* voice;
  std::vector<Sentence> sentences;
};

// The sentences still to be spoken, for the utterances still to be made.
std::vector<Batch> open_batches(const MiniPlan& plan) {
  constexpr size_t kBatch = 8;
  std::vector<Batch> batches;
  for (const SpokenPart& part : plan.spoken) {
    const auto begin = plan.utterances.begin() + static_cast<ptrdiff_t>(part.first_utterance);
    const bool done = std::all_of(begin, begin + static_cast<ptrdiff_t>(part.utterances),
                                  [](const MiniUtterance& utterance) {
                                    return std::filesystem::exists(utterance.trial.path);
                                  });
    if (done) continue;
    std::filesystem::create_directories(part.sentences.front().path.parent_path());
    for (size_t i = 0; i < part.sentences.size(); i += kBatch) {
      const auto first = part.sentences.begin() + static_cast<ptrdiff_t>(i);
      const auto last = part.sentences.begin() +
                        static_cast<ptrdiff_t>(std::min(i + kBatch, part.sentences.size()));
      const bool spoken = std::all_of(first, last, [](const Sentence& sentence) {
        return std::filesystem::exists(sentence.path);
      });
      if (!spoken) batches.push_back({part.voice, {first, last}});
    }
  }
  return batches;
}

}  // namespace

MinicorpusReport make_minicorpus(const MinicorpusOptions& options, Progress& progress) {
  const MiniPlan plan = plan_minicorpus(options);
  make_folders(options);
  MinicorpusReport report;
  report.missing = plan.missing;
  const auto note = [&](const ParallelOutcome& outcome) {
    report.reasons.insert(report.reasons.end(), outcome.reasons.begin(), outcome.reasons.end());
    report.interrupted = report.interrupted || outcome.interrupted;
  };

  const std::vector<Batch> batches = open_batches(plan);
  note(for_each_parallel(batches.size(), options.threads, "synthesising", progress,
                         [&](size_t i) { speak(*batches[i].voice, batches[i].sentences); }));
  if (report.interrupted) return report;
  note(for_each_parallel(plan.utterances.size(), options.threads, "mixing", progress,
                         [&](size_t i) { make_utterance(plan.utterances[i], options); }));
  if (report.interrupted) return report;

  std::vector<MiniUtterance> made;
  for (const MiniUtterance& utterance : plan.utterances) {
    if (!std::filesystem::exists(utterance.trial.path)) continue;
    made.push_back(utterance);
    report.trials.push_back(utterance.trial);
  }
  report.shortcuts = measure_shortcuts(report.trials, options.threads, progress);
  report.reasons.insert(report.reasons.end(), report.shortcuts.reasons.begin(),
                        report.shortcuts.reasons.end());
  report.interrupted = report.shortcuts.partitions.empty();
  if (report.interrupted) return report;
  write_notes(options, made, report.shortcuts);
  std::filesystem::remove_all(work_folder(options));
  return report;
}

}  // namespace bonafide
