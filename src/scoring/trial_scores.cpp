#include "scoring/trial_scores.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bonafide {

namespace {

TrialScores score(std::span<const Input> inputs, const AskAboutAll& ask) {
  const RecordingAnswers answers = ask(inputs, /*embeddings=*/false);
  TrialScores scored;
  scored.interrupted = answers.interrupted;
  for (size_t i = 0; i < answers.rows.size(); ++i) {
    const RecordingAnswer& answer = answers.rows[i];
    scored.scores.push_back(answer.score);
    scored.parts.push_back(answer.parts);
    if (answer.score || !answer.asked) continue;
    scored.troubles.push_back(fmt::format("{}: {}", printable(inputs[i].location.name()),
                                          printable(answer.detail, 1000)));
  }
  return scored;
}

}  // namespace

TrialScores score_recordings(std::span<const Trial> trials, const AskAboutAll& ask) {
  std::vector<Input> inputs;
  for (const Trial& trial : trials) {
    inputs.push_back({location_of(trial)});
    if (!trial.reference.path.empty()) inputs.back().references = {trial.reference};
  }
  return score(inputs, ask);
}

TrialScores score_beside_enrolments(std::span<const Trial> trials, const AskAboutAll& ask) {
  std::vector<Input> inputs;
  for (const Trial& trial : trials) {
    inputs.push_back({location_of(trial)});
    if (!trial.enrolments) continue;
    inputs.back().references.assign(trial.enrolments->begin(), trial.enrolments->end());
  }
  return score(inputs, ask);
}

}  // namespace bonafide
