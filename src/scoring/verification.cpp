#include "scoring/verification.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

// The recordings that trials name, each once.
class Recordings {
 public:
  size_t number_of(const AudioLocation& location) {
    std::vector<size_t>& alike = by_name_[location.name()];
    for (const size_t number : alike) {
      if (inputs_[number].location == location) return number;
    }
    alike.push_back(inputs_.size());
    inputs_.push_back({location});
    return alike.back();
  }

  // Trials against one speaker share their enrolments.
  const std::vector<size_t>& numbers_of(const Enrolments& enrolments) {
    const auto [at, fresh] = by_list_.try_emplace(enrolments.get());
    if (fresh && enrolments) {
      for (const auto& path : *enrolments) at->second.push_back(number_of(path));
    }
    return at->second;
  }

  const std::vector<Input>& inputs() const { return inputs_; }

 private:
  std::vector<Input> inputs_;
  std::unordered_map<std::string, std::vector<size_t>> by_name_;
  std::unordered_map<const void*, std::vector<size_t>> by_list_;  // its references stay valid
};

// A trial by the numbers of its recordings.
struct Comparison {
  size_t tested;
  const std::vector<size_t>* enrolled;
};

bool is_finite(const std::vector<float>& embedding) {
  return std::all_of(embedding.begin(), embedding.end(), [](float x) { return std::isfinite(x); });
}

class Comparer {
 public:
  Comparer(const std::vector<Input>& inputs, const std::vector<RecordingAnswer>& answers)
      : inputs_(inputs), answers_(answers) {}

  // Throws Error for a recording without an embedding.
  double score(const Comparison& trial) const {
    if (trial.enrolled->empty()) throw Error("no enrolment of the claimed speaker");
    const std::vector<float>& tested = embedding_of(trial.tested);
    std::vector<double> speaker(tested.size());
    for (const size_t number : *trial.enrolled) {
      const std::vector<float>& one = embedding_of(number);
      if (one.size() != tested.size()) throw Error("embeddings of different sizes");
      for (size_t i = 0; i < one.size(); ++i) speaker[i] += one[i];
    }
    return cosine(tested, speaker);  // the sum's, which is the mean's
  }

 private:
  const std::vector<float>& embedding_of(size_t number) const {
    const RecordingAnswer& answer = answers_[number];
    if (!answer.embedding.empty() && is_finite(answer.embedding)) return answer.embedding;
    const std::string why = !answer.embedding.empty() ? "its embedding is not finite"
                            : answer.score            ? "the model gives it no embedding"
                                                      : answer.detail;
    throw Error(
        fmt::format("{}: {}", printable(inputs_[number].location.name()), printable(why, 1000)));
  }

  static double cosine(const std::vector<float>& one, const std::vector<double>& other) {
    double product = 0, square = 0, other_square = 0;
    for (size_t i = 0; i < one.size(); ++i) {
      product += one[i] * other[i];
      square += double{one[i]} * one[i];
      other_square += other[i] * other[i];
    }
    if (square == 0 || other_square == 0) throw Error("an embedding of zeros has no direction");
    return product / std::sqrt(square * other_square);
  }

  const std::vector<Input>& inputs_;
  const std::vector<RecordingAnswer>& answers_;
};

void expect_embeddings(const std::vector<RecordingAnswer>& answers) {
  const auto scored = [](const RecordingAnswer& a) { return a.score.has_value(); };
  const auto embedded = [](const RecordingAnswer& a) { return !a.embedding.empty(); };
  if (std::none_of(answers.begin(), answers.end(), scored)) return;
  if (std::any_of(answers.begin(), answers.end(), embedded)) return;
  throw UsageError("verification trials: this model gives no embeddings to compare voices by");
}

}  // namespace

TrialScores score_by_embeddings(std::span<const Trial> trials, const AskAboutAll& ask) {
  Recordings recordings;
  std::vector<Comparison> comparisons;
  for (const Trial& trial : trials) {
    const size_t tested = recordings.number_of(location_of(trial));
    comparisons.push_back({tested, &recordings.numbers_of(trial.enrolments)});
  }
  const RecordingAnswers answers = ask(recordings.inputs(), /*embeddings=*/true);
  TrialScores scored;
  scored.parts.resize(trials.size());  // those of a cosine are not told
  scored.interrupted = answers.interrupted;
  if (scored.interrupted) {
    scored.scores.resize(trials.size());
    return scored;
  }
  expect_embeddings(answers.rows);
  const Comparer comparer(recordings.inputs(), answers.rows);
  for (size_t i = 0; i < trials.size(); ++i) {
    try {
      scored.scores.emplace_back(comparer.score(comparisons[i]));
    } catch (const Error& e) {
      scored.scores.emplace_back();
      scored.troubles.push_back(fmt::format("{}: {}", printable(identity(trials[i])), e.what()));
    }
  }
  return scored;
}

}  // namespace bonafide
