#include "scoring/recording_answers.h"

#include <utility>

namespace bonafide {

ScoreAll score_here(Backend& backend, const ScoringOptions& options, Progress& progress) {
  return [&](std::span<const Input> inputs, bool embeddings, const RowSink& sink) {
    size_t index = 0;
    return score_inputs(inputs, backend, options, progress, [&](ScoreRow row) {
      if (!embeddings) row.embedding.clear();
      sink(index++, row);
    });
  };
}

AskAboutAll ask_by(ScoreAll score) {
  return [score = std::move(score)](std::span<const Input> recordings, bool embeddings) {
    RecordingAnswers answers;
    answers.rows.resize(recordings.size());
    const auto take = [&](size_t index, const ScoreRow& row) {
      RecordingAnswer& answer = answers.rows[index];
      answer.score = row.score;
      answer.embedding = row.embedding;
      for (const auto& [name, value] : row.parts) answer.parts.push_back(value);
      answer.detail = row.detail;
      answer.asked = true;
    };
    answers.interrupted = score(recordings, embeddings, take).interrupted;
    return answers;
  };
}

}  // namespace bonafide
