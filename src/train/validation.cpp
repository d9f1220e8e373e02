#include "train/validation.h"

#include <fmt/format.h>

#include <span>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "metrics/asv_scores.h"
#include "scoring/scorer.h"

namespace bonafide {

namespace {

// Scores, or null; reasons; whether it was interrupted. Text carries doubles to the last bit.
struct Share {
  std::vector<std::optional<double>> scores;
  std::vector<std::string> troubles;
  bool interrupted = false;

  std::string pack() const {
    Json list = Json::array();
    for (const auto& score : scores) list.push_back(score ? Json(*score) : Json());
    return Json{{"scores", list}, {"troubles", troubles}, {"interrupted", interrupted}}.dump();
  }

  void append(const std::string& packed) {
    const Json json = Json::parse(packed);
    for (const Json& score : json.at("scores")) {
      scores.push_back(score.is_null() ? std::nullopt : std::optional(score.get<double>()));
    }
    for (const Json& trouble : json.at("troubles")) troubles.push_back(trouble);
    interrupted = interrupted || json.at("interrupted").get<bool>();
  }
};

Share score_share(std::span<const Trial> trials, Backend& backend, const ScoringOptions& options,
                  Progress& progress) {
  std::vector<Input> inputs;
  for (const Trial& trial : trials) {
    inputs.push_back({location_of(trial)});
    if (!trial.reference.path.empty()) inputs.back().references = {trial.reference};
  }
  Share share;
  const ScoringSummary summary =
      score_inputs(inputs, backend, options, progress, [&](const ScoreRow& row) {
        share.scores.push_back(row.score);
        if (row.score) return;
        share.troubles.push_back(
            fmt::format("{}: {}", printable(row.file), printable(row.detail, 1000)));
      });
  share.interrupted = summary.interrupted;
  return share;
}

}  // namespace

ScoringOptions evaluation_options(const ModelDescription& model, const Recipe& recipe,
                                  const AudioCache* cache) {
  ScoringOptions options = ScoringOptions::of(model);
  options.calibration.reset();
  const Json& batch_size = recipe.at("evaluate.batch_size");
  if (!batch_size.is_null()) options.batch_size = batch_size.get<size_t>();
  options.loaders = static_cast<size_t>(recipe.integer("compute.loaders"));
  options.buckets = static_cast<size_t>(recipe.integer("evaluate.buckets"));
  options.cache = cache;
  return options;
}

ScoredTrials score_trials(const std::vector<Trial>& trials, Backend& backend,
                          const ScoringOptions& options, Progress& progress,
                          Communicator* communicator) {
  if (!backend.judges_alone() && communicator != nullptr && communicator->size() > 1) {
    throw UsageError("this system judges a recording by the others of its batch: in one process");
  }
  Share all;
  if (communicator == nullptr || communicator->size() == 1) {
    all = score_share(trials, backend, options, progress);
  } else {
    const auto [begin, end] = share_of(trials.size(), communicator->rank(), communicator->size());
    const auto mine = std::span(trials).subspan(begin, end - begin);
    Share share = score_share(mine, backend, options, progress);
    share.scores.resize(mine.size());  // when interrupted: the next share begins at its place
    for (const std::string& packed : communicator->gather(share.pack())) all.append(packed);
  }
  ScoredTrials scored;
  scored.troubles = std::move(all.troubles);
  scored.interrupted = all.interrupted;
  scored.scores = std::move(all.scores);
  if (scored.interrupted && communicator != nullptr && communicator->size() > 1) return scored;
  for (size_t i = 0; i < scored.scores.size(); ++i) {
    const auto& score = scored.scores[i];
    if (!score) continue;
    if (trials[i].label == Label::kBonaFide) scored.bona_fide.push_back(*score);
    if (trials[i].label == Label::kSpoof) scored.spoof.push_back(*score);
  }
  return scored;
}

std::optional<AsvSystem> asv_system(const Recipe& recipe) {
  const Json& path = recipe.at("evaluate.asv_scores");
  if (path.is_null()) return std::nullopt;
  if (!path.is_string()) throw UsageError("evaluate.asv_scores: wants a file");
  const AsvSystem asv = read_asv_system(path.get<std::string>());
  if (recipe.flag("train.best_on_eval") && !asv.reason.empty()) {
    throw UsageError(fmt::format("train.best_on_eval: there is no t-DCF to choose by: {} in {}",
                                 asv.reason, printable(path.get<std::string>())));
  }
  return asv;
}

}  // namespace bonafide
