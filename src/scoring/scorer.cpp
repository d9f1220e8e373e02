#include "scoring/scorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <limits>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/ordered_pipeline.h"
#include "scoring/input_loader.h"

namespace bonafide {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

size_t batch_size(const ScoringOptions& options, const Backend& backend) {
  return options.batch_size > 0 ? options.batch_size : std::max<size_t>(backend.best_batch(), 1);
}

// Gathers questions about one recording after another into batches, and lets rows go in order as
// soon as all of theirs are answered.
class Gatherer {
 public:
  Gatherer(Backend& backend, const ScoringOptions& options,
           const std::function<void(const ScoreRow&)>& sink)
      : backend_(backend), options_(options), sink_(sink) {}

  void add(const AudioLocation& location, LoadedInput loaded) {
    waiting_.push_back({});
    Waiting& waiting = waiting_.back();
    waiting.row.file = location.name();
    waiting.row.detail = loaded.detail;
    waiting.row.seconds = loaded.seconds;
    waiting.row.over = options_.over;
    waiting.row.precision = options_.precision;
    waiting.constant = loaded.constant;
    waiting.head = loaded.head;
    if (!loaded.failed) ask(waiting, std::move(loaded));
    let_go();
  }

  void flush() {
    if (options_.buckets > 0) {
      std::stable_sort(asked_.begin(), asked_.end(), [](const Asked& a, const Asked& b) {
        return a.question.samples.size() > b.question.samples.size();
      });
    }
    for (size_t begin = 0; begin < asked_.size();) begin = run_batch(begin);
    asked_.clear();
    let_go();
  }

  const ScoringSummary& summary() const { return summary_; }

 private:
  struct Waiting {
    ScoreRow row;
    bool constant = false;
    bool head = false;
    std::vector<WindowScore> windows;  // scores are sums over the references while they come
    size_t references = 1;             // questions about each window
    size_t open = 0;                   // questions without an answer
    std::string trouble;               // why the model could not answer one of them
  };
  struct Asked {
    Question question;
    Waiting* owner;
    size_t window;
  };

  void ask(Waiting& waiting, LoadedInput loaded) {
    if (loaded.references.empty()) loaded.references = {nullptr};
    waiting.references = loaded.references.size();
    waiting.open = loaded.windows.size() * loaded.references.size();
    for (const Window& window : loaded.windows) {
      const double start = static_cast<double>(window.start) / options_.sample_rate;
      waiting.windows.push_back({start, 0, stillness(window.samples)});
    }
    for (size_t i = 0; i < loaded.windows.size(); ++i) {
      for (const auto& reference : loaded.references) {
        asked_.push_back({{loaded.windows[i].samples, reference}, &waiting, i});
        if (asked_.size() == batch_size_ * std::max<size_t>(options_.buckets, 1)) flush();
      }
    }
  }

  // Asks about the batch that begins there; returns where the next one does.
  size_t run_batch(size_t begin) {
    std::vector<Question> batch;
    size_t end = begin;
    while (end < asked_.size() && batch.size() < batch_size_) {
      Question& question = asked_[end].question;
      if (!batch.empty() && !go_together(question, batch.back())) break;
      batch.push_back(std::move(question));
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

  // A batch has references, or none.
  bool go_together(const Question& one, const Question& other) const {
    if ((one.reference == nullptr) != (other.reference == nullptr)) return false;
    return !by_length_ || equally_long(one, other);
  }

  static bool equally_long(const Question& one, const Question& other) {
    const auto length = [](const Question& question) {
      return question.reference ? question.reference->size() : 0;
    };
    return one.samples.size() == other.samples.size() && length(one) == length(other);
  }

  std::vector<Opinion> opinions_of(std::span<const Question> batch) {
    std::vector<Opinion> opinions = backend_.run(batch);
    if (opinions.size() != batch.size()) {
      throw Error(
          fmt::format("the model gave {} opinions of {} windows", opinions.size(), batch.size()));
    }
    return opinions;
  }

  void take(size_t begin, const std::vector<Opinion>& opinions) {
    for (size_t i = 0; i < opinions.size(); ++i) {
      Waiting& owner = *asked_[begin + i].owner;
      WindowScore& window = owner.windows[asked_[begin + i].window];
      const auto weight = static_cast<float>(1.0 / static_cast<double>(owner.references));
      window.score += opinions[i].score.value_or(kNone) / static_cast<double>(owner.references);
      if (!opinions[i].score) owner.trouble = "this model gives embeddings, and no scores";
      add(opinions[i].parts, weight, window.parts);
      add(opinions[i].embedding, weight, window.embedding);
      --owner.open;
    }
  }

  static void add(const std::vector<float>& values, float weight, std::vector<float>& sums) {
    sums.resize(values.size());
    for (size_t i = 0; i < values.size(); ++i) sums[i] += weight * values[i];
  }

  // A model may fail for some windows alone. `error`: what it said of all.
  void take_one_by_one(size_t begin, std::span<const Question> batch, const Error& error) {
    for (size_t i = 0; i < batch.size(); ++i) {
      std::string trouble = error.what();
      if (batch.size() > 1 && backend_.judges_alone()) {
        try {
          take(begin + i, opinions_of(batch.subspan(i, 1)));
          continue;
        } catch (const Error& e) {
          trouble = e.what();
        }
      }
      take(begin + i, {{.score = kNone}});
      asked_[begin + i].owner->trouble = trouble;
    }
  }

  void let_go() {
    while (!waiting_.empty() && waiting_.front().open == 0) {
      finish(waiting_.front());
      sink_(waiting_.front().row);
      waiting_.pop_front();
    }
  }

  void finish(Waiting& waiting) {
    ScoreRow& row = waiting.row;
    if (!waiting.windows.empty()) set_judgement(waiting);
    if (row.score && options_.segments) add_segments(waiting);
    ++(row.score ? summary_.scored : summary_.failed);
  }

  void join_references(Waiting& waiting) const {
    for (WindowScore& window : waiting.windows) {
      if (window.parts.empty() || !std::isfinite(window.score)) continue;
      window.score = backend_.joined_score(window.score, window.parts);
    }
  }

  void set_judgement(Waiting& waiting) const {
    ScoreRow& row = waiting.row;
    const auto windows =
        std::span(waiting.windows).first(waiting.head ? 1 : waiting.windows.size());
    if (waiting.references > 1) join_references(waiting);
    Judgement judgement = judge(windows, options_.over, options_.calibration, waiting.constant);
    if (!judgement.score && !waiting.trouble.empty()) judgement.detail = waiting.trouble;
    if (!judgement.detail.empty()) append_detail(row.detail, judgement.detail);
    if (row.precision != "float32" && judgement.score) {
      append_detail(row.detail, "in " + row.precision);
    }
    row.score = judgement.score;
    row.llr = judgement.llr;
    row.probability = judgement.probability;
    row.verdict = judgement.verdict;
    row.embedding = std::move(judgement.embedding);
    const auto names = backend_.part_names();
    for (size_t i = 0; i < std::min(names.size(), judgement.parts.size()); ++i) {
      row.parts.emplace_back(names[i], judgement.parts[i]);
    }
  }

  void add_segments(Waiting& waiting) const {
    const double length = static_cast<double>(options_.samples) / options_.sample_rate;
    for (const WindowScore& window : std::span(waiting.windows).subspan(waiting.head ? 1 : 0)) {
      if (std::isfinite(window.score)) {
        waiting.row.segments.push_back({window.start,
                                        std::min(window.start + length, waiting.row.seconds),
                                        window.score, window.still});
      } else {
        append_detail(waiting.row.detail, fmt::format("the model's score at {:.2f} s is {}",
                                                      window.start, window.score));
      }
    }
  }

  Backend& backend_;
  const ScoringOptions& options_;
  const size_t batch_size_ = batch_size(options_, backend_);
  const bool by_length_ = options_.buckets > 0 || backend_.wants_equal_lengths();
  const std::function<void(const ScoreRow&)>& sink_;
  std::deque<Waiting> waiting_;  // its elements stay where they are
  std::vector<Asked> asked_;     // that nobody has answered yet
  ScoringSummary summary_;
};

}  // namespace

ScoringSummary score_inputs(std::span<const Input> inputs, Backend& backend,
                            const ScoringOptions& options, Progress& progress,
                            const std::function<void(const ScoreRow&)>& sink) {
  // Whole recordings wait when several windows are wanted: fewer of them.
  const bool whole = options.segments || options.over != Over::kFirst;
  const size_t ahead = options.loaders + (whole ? 1 : batch_size(options, backend));
  InputLoader loader(options, backend);
  OrderedPipeline<LoadedInput> pipeline(inputs.size(), options.loaders, ahead, [&](size_t i) {
    return loader.load_or_say_why(inputs[i]);
  });
  Gatherer gatherer(backend, options, sink);
  progress.start("scoring", inputs.size());
  size_t done = 0;
  while (!interrupted()) {
    std::optional<LoadedInput> loaded = pipeline.next();
    if (!loaded) break;
    gatherer.add(inputs[done].location, *std::move(loaded));
    progress.update(++done, "");
  }
  if (done == inputs.size()) gatherer.flush();
  progress.finish();
  ScoringSummary summary = gatherer.summary();
  summary.interrupted = done < inputs.size();
  return summary;
}

}  // namespace bonafide
