#include "scoring/recording_answers.h"

#include "scoring/scorer.h"

namespace bonafide {

AskAboutAll ask_here(Backend& backend, const ScoringOptions& options, Progress& progress) {
  return [&](std::span<const Input> recordings, bool embeddings) {
    RecordingAnswers answers;
    const auto take = [&](const ScoreRow& row) {
      answers.rows.push_back({row.score, {}, row.detail});
      if (embeddings) answers.rows.back().embedding = row.embedding;
    };
    answers.interrupted = score_inputs(recordings, backend, options, progress, take).interrupted;
    return answers;
  };
}

}  // namespace bonafide
