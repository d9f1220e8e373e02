#include "scoring/scorer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <limits>
#include <new>

#include "audio/decode.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/ordered_pipeline.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr double kShortest = 0.02;  // seconds; less is no speech
constexpr size_t kDetailLimit = 1000;

// A recording as a loader hands it over: only its first window unless segments are wanted.
struct Loaded {
  std::vector<float> samples;
  double seconds = 0;
  bool constant = false;
  std::string detail;
  bool failed = false;
};

// At most `length` samples from `start`.
std::vector<float> window_at(std::span<const float> samples, size_t start, size_t length) {
  const auto window = samples.subspan(start, std::min(length, samples.size() - start));
  return {window.begin(), window.end()};
}

// "digital silence", "constant signal", or "" for samples that vary.
std::string stillness(std::span<const float> samples) {
  const auto change = std::adjacent_find(samples.begin(), samples.end(), std::not_equal_to<>());
  if (samples.empty() || change != samples.end()) return "";
  return samples.front() == 0 ? "digital silence" : "constant signal";
}

// A kept recording has no notes but the one that verdicts need.
Recording from_cache(const AudioLocation& location, const ScoringOptions& options) {
  Recording recording;
  recording.waveform = options.cache->read(location, options.sample_rate);
  recording.constant = !stillness(recording.waveform.samples).empty();
  return recording;
}

Recording read_recording(const Input& input, const ScoringOptions& options) {
  const DecodeOptions as_wanted{.sample_rate = options.sample_rate};
  if (input.is_pipe) return decode_pipe(input.location.path, as_wanted);
  return options.cache != nullptr ? from_cache(input.location, options)
                                  : decode(input.location, as_wanted);
}

Loaded load(const Input& input, const ScoringOptions& options) {
  if (!input.trouble.empty()) throw Error(input.trouble);
  Recording recording = read_recording(input, options);
  Loaded loaded{.samples = {},
                .seconds = recording.waveform.seconds(),
                .constant = recording.constant,
                .detail = fmt::format("{}", fmt::join(recording.warnings, "; "))};
  if (loaded.seconds < kShortest) {
    throw Error(fmt::format("{:.1f} ms of audio; at least {:.0f} ms are needed",
                            1000 * loaded.seconds, 1000 * kShortest));
  }
  loaded.samples = options.segments ? std::move(recording.waveform.samples)
                                    : window_at(recording.waveform.samples, 0, options.samples);
  return loaded;
}

Loaded failure(const AudioLocation& location, std::string reason) {
  const std::string prefix = printable(location.name()) + ": ";
  if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
  Loaded loaded;
  loaded.failed = true;
  loaded.detail = printable(reason, kDetailLimit);
  return loaded;
}

Loaded load_or_say_why(const Input& input, const ScoringOptions& options) {
  try {
    return load(input, options);
  } catch (const std::bad_alloc&) {
    return failure(input.location, "out of memory");
  } catch (const std::exception& e) {
    return failure(input.location, e.what());
  }
}

void append_detail(ScoreRow& row, const std::string& text) {
  row.detail += (row.detail.empty() ? "" : "; ") + text;
}

size_t batch_size(const ScoringOptions& options, const Backend& backend) {
  return options.batch_size > 0 ? options.batch_size : std::max<size_t>(backend.best_batch(), 1);
}

// Gathers windows of one file after another into batches, and lets rows go in order as soon as all
// of their windows are scored.
class Gatherer {
 public:
  Gatherer(Backend& backend, const ScoringOptions& options,
           const std::function<void(const ScoreRow&)>& sink)
      : backend_(backend), options_(options), sink_(sink) {}

  void add(const AudioLocation& location, const Loaded& loaded) {
    waiting_.push_back({});
    Waiting& waiting = waiting_.back();
    waiting.row.file = location.name();
    waiting.row.detail = loaded.detail;
    waiting.row.seconds = loaded.seconds;
    waiting.constant = loaded.constant;
    if (!loaded.failed) add_windows(waiting, loaded);
    let_go();
  }

  void flush() {
    if (options_.buckets > 0) {
      std::stable_sort(windows_.begin(), windows_.end(), [](const Window& a, const Window& b) {
        return a.samples.size() > b.samples.size();
      });
    }
    for (size_t begin = 0; begin < windows_.size();) begin = run_batch(begin);
    windows_.clear();
    let_go();
  }

  const ScoringSummary& summary() const { return summary_; }

 private:
  struct Waiting {
    ScoreRow row;
    bool constant = false;
    std::vector<size_t> starts;          // of its windows
    std::vector<std::string> stillness;  // of them
    std::vector<double> scores;          // of them, where `scored` counts those that are done
    size_t scored = 0;
    std::string trouble;  // why the model could not score one of them
  };
  struct Window {
    std::vector<float> samples;
    Waiting* owner;
    size_t index;  // among the owner's windows
  };

  // Scores the batch that begins there; returns where the next one does.
  size_t run_batch(size_t begin) {
    std::vector<std::vector<float>> batch;
    size_t end = begin;
    while (end < windows_.size() && batch.size() < batch_size_) {
      auto& samples = windows_[end].samples;
      if (options_.buckets > 0 && !batch.empty() && samples.size() != batch.back().size()) break;
      batch.push_back(std::move(samples));
      ++end;
    }
    try {
      take(begin, opinions_of(batch));
    } catch (const UsageError&) {
      throw;
    } catch (const Error& e) {
      take_one_by_one(begin, batch, e);
    }
    return end;
  }

  std::vector<Opinion> opinions_of(std::span<const std::vector<float>> batch) {
    std::vector<Opinion> opinions = backend_.run(batch);
    if (opinions.size() != batch.size()) {
      throw Error(
          fmt::format("the model gave {} opinions of {} windows", opinions.size(), batch.size()));
    }
    return opinions;
  }

  void take(size_t begin, const std::vector<Opinion>& opinions) {
    for (size_t i = 0; i < opinions.size(); ++i) {
      Window& window = windows_[begin + i];
      window.owner->scores[window.index] = opinions[i].score;
      ++window.owner->scored;
    }
  }

  // A model may fail for some windows alone. `error`: what it said of all.
  void take_one_by_one(size_t begin, std::span<const std::vector<float>> batch,
                       const Error& error) {
    for (size_t i = 0; i < batch.size(); ++i) {
      std::string trouble = error.what();
      if (batch.size() > 1) {
        try {
          take(begin + i, opinions_of(batch.subspan(i, 1)));
          continue;
        } catch (const Error& e) {
          trouble = e.what();
        }
      }
      take(begin + i, {{.score = std::numeric_limits<double>::quiet_NaN(), .embedding = {}}});
      windows_[begin + i].owner->trouble = trouble;
    }
  }

  void add_windows(Waiting& waiting, const Loaded& loaded) {
    const auto starts = options_.segments ? segment_starts(loaded.samples.size(), options_.samples)
                                          : std::vector<size_t>{0};
    waiting.starts = starts;
    waiting.scores.resize(starts.size());
    for (size_t i = 0; i < starts.size(); ++i) {
      windows_.push_back({window_at(loaded.samples, starts[i], options_.samples), &waiting, i});
      waiting.stillness.push_back(stillness(windows_.back().samples));
      if (windows_.size() == batch_size_ * std::max<size_t>(options_.buckets, 1)) flush();
    }
  }

  void let_go() {
    while (!waiting_.empty() && waiting_.front().scored == waiting_.front().starts.size()) {
      finish(waiting_.front());
      sink_(waiting_.front().row);
      waiting_.pop_front();
    }
  }

  void finish(Waiting& waiting) {
    ScoreRow& row = waiting.row;
    if (!waiting.scores.empty() && std::isfinite(waiting.scores.front())) {
      row.score = waiting.scores.front();
      const std::string& still = waiting.stillness.front();
      if (!still.empty() && !waiting.constant) {
        append_detail(row, still + " in the scored stretch");
      }
      judge(row, waiting.constant || !still.empty());
    } else if (!waiting.trouble.empty()) {
      append_detail(row, waiting.trouble);
    } else if (!waiting.scores.empty()) {
      append_detail(row, fmt::format("the model's score is {}", waiting.scores.front()));
    }
    if (row.score && options_.segments) add_segments(waiting);
    ++(row.score ? summary_.scored : summary_.failed);
  }

  void judge(ScoreRow& row, bool still) const {
    if (!options_.calibration) return;
    if (still) {
      row.verdict = Verdict::kInconclusive;
      return;
    }
    row.llr = options_.calibration->llr(*row.score);
    row.probability = options_.calibration->probability(*row.llr);
    row.verdict = options_.calibration->verdict(*row.llr);
  }

  void add_segments(Waiting& waiting) const {
    for (size_t i = 0; i < waiting.starts.size(); ++i) {
      const double start = static_cast<double>(waiting.starts[i]) / options_.sample_rate;
      const double length = static_cast<double>(options_.samples) / options_.sample_rate;
      if (std::isfinite(waiting.scores[i])) {
        waiting.row.segments.push_back({start, std::min(start + length, waiting.row.seconds),
                                        waiting.scores[i], waiting.stillness[i]});
      } else {
        append_detail(waiting.row,
                      fmt::format("the model's score at {:.2f} s is {}", start, waiting.scores[i]));
      }
    }
  }

  Backend& backend_;
  const ScoringOptions& options_;
  const size_t batch_size_ = batch_size(options_, backend_);
  const std::function<void(const ScoreRow&)>& sink_;
  std::deque<Waiting> waiting_;  // its elements stay where they are
  std::vector<Window> windows_;  // that nobody has scored yet
  ScoringSummary summary_;
};

// Scores recordings that `location` and `load` know by their number.
ScoringSummary score_all(size_t count, const std::function<const AudioLocation&(size_t)>& location,
                         const std::function<Loaded(size_t)>& load, Backend& backend,
                         const ScoringOptions& options, Progress& progress,
                         const std::function<void(const ScoreRow&)>& sink) {
  // Whole recordings wait when segments are wanted: fewer of them.
  const size_t ahead = options.loaders + (options.segments ? 1 : batch_size(options, backend));
  OrderedPipeline<Loaded> pipeline(count, options.loaders, ahead, load);
  Gatherer gatherer(backend, options, sink);
  progress.start("scoring", count);
  size_t done = 0;
  while (!interrupted()) {
    const std::optional<Loaded> loaded = pipeline.next();
    if (!loaded) break;
    gatherer.add(location(done), *loaded);
    progress.update(++done, "");
  }
  if (done == count) gatherer.flush();
  progress.finish();
  ScoringSummary summary = gatherer.summary();
  summary.interrupted = done < count;
  return summary;
}

}  // namespace

std::vector<size_t> segment_starts(size_t length, size_t window) {
  std::vector<size_t> starts{0};
  for (size_t start = window; start < length && 4 * (length - start) >= window; start += window) {
    starts.push_back(start);
  }
  return starts;
}

ScoringSummary score_files(const std::vector<AudioLocation>& files, Backend& backend,
                           const ScoringOptions& options, Progress& progress,
                           const std::function<void(const ScoreRow&)>& sink) {
  const auto location = [&](size_t i) -> const AudioLocation& { return files[i]; };
  const auto load = [&](size_t i) { return load_or_say_why({files[i]}, options); };
  return score_all(files.size(), location, load, backend, options, progress, sink);
}

ScoringSummary score_inputs(const std::vector<Input>& inputs, Backend& backend,
                            const ScoringOptions& options, Progress& progress,
                            const std::function<void(const ScoreRow&)>& sink) {
  const auto location = [&](size_t i) -> const AudioLocation& { return inputs[i].location; };
  const auto load = [&](size_t i) { return load_or_say_why(inputs[i], options); };
  return score_all(inputs.size(), location, load, backend, options, progress, sink);
}

}  // namespace bonafide
