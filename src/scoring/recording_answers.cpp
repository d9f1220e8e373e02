#include "scoring/recording_answers.h"

#include "scoring/scorer.h"

namespace bonafide {

AskAboutAll ask_here(Backend& backend, const ScoringOptions& options, Progress& progress) {
  return [&](std::span<const Input> recordings, bool embeddings) {
    RecordingAnswers answers;
    const auto take = [&](const ScoreRow& row) {
      answers.rows.push_back({.score = row.score, .detail = row.detail});
      RecordingAnswer& answer = answers.rows.back();
      for (const auto& [name, value] : row.parts) answer.parts.push_back(value);
      if (embeddings) answer.embedding = row.embedding;
    };
    answers.interrupted = score_inputs(recordings, backend, options, progress, take).interrupted;
    return answers;
  };
}

}  // namespace bonafide
