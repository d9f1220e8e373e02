#include "cli/sensitivity.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/json_value.h"
#include "base/random.h"
#include "base/text.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "features/frontend.h"
#include "scoring/input_loader.h"
#include "systems/pair.h"

namespace bonafide {

namespace {

// Labelled trials in an order that looks random.
std::vector<Trial> drawn(const std::vector<Trial>& trials, uint64_t seed, size_t count) {
  std::vector<Trial> chosen;
  for (const Trial& trial : trials) {
    if (label_of(trial.truth) != Truth::kUnknown) chosen.push_back(trial);
  }
  Random random(seed);
  random.shuffle(std::span(chosen));
  chosen.resize(std::min(chosen.size(), count));
  return chosen;
}

// One trial after another goes through the system.
class Measurement {
 public:
  Measurement(const PartScorer& scorer, PairSystem& system)
      : options_(scorer.scoring()),
        system_(system),
        backend_(scorer.backend()),
        loader_(options_, backend_),
        frontend_(make_frontend(scorer.model().input)) {}

  void add(const Trial& trial) {
    const LoadedInput loaded =
        loader_.load_or_say_why({location_of(trial), "", false, {trial.reference}});
    if (loaded.failed) {
      say("bonafide: sensitivity: {}: {}\n", printable(location_of(trial).name()), loaded.detail);
      return;
    }
    const auto& reference = *loaded.references.front();
    Random random(options_.seed, hash(identity(trial)));
    const auto noise = draw_noise(reference.size(), random);
    const auto changed = [&](ReferenceSound::Kind kind) {
      return input(degrade<float>(reference, options_.sample_rate, {.kind = kind}, noise));
    };
    Batch batch = {input(loaded.windows.front().samples),
                   torch::tensor({int64_t{label_of(trial.truth) == Truth::kBonaFide}})};
    batch.reference = input(reference);
    sum_.add(system_.sensitivity(batch, changed(ReferenceSound::Kind::kNoise),
                                 changed(ReferenceSound::Kind::kSilence)));
  }

  ReferenceSensitivity take() { return std::move(sum_); }

 private:
  NetworkInput input(const std::vector<float>& samples) const {
    return stack({frontend_->make(samples, nullptr)});
  }

  const ScoringOptions& options_;
  PairSystem& system_;
  const Backend& backend_;
  InputLoader loader_;
  std::unique_ptr<Frontend> frontend_;
  ReferenceSensitivity sum_;
};

}  // namespace

ReferenceSensitivity measure_sensitivity(const PartScorer& scorer, const Evaluation& evaluation,
                                         size_t count) {
  const auto system = scorer.load_system();
  auto* pair = dynamic_cast<PairSystem*>(system.get());
  if (pair == nullptr || !pair->compares()) {
    throw UsageError(
        fmt::format("evaluate: --sensitivity: model \"{}\" judges a recording by itself",
                    printable(scorer.model().name)));
  }
  const auto has_reference = [](const Trial& trial) { return !trial.reference.path.empty(); };
  if (std::ranges::none_of(evaluation.trials, has_reference)) {
    throw UsageError(
        "evaluate: --sensitivity: no references were drawn (for verification trials, or under a "
        "first condition that needs none)");
  }
  Measurement measurement(scorer, *pair);
  const auto trials = drawn(evaluation.trials, scorer.scoring().seed, count);
  const auto progress = terminal_progress();
  progress->start("sensitivity", trials.size());
  size_t done = 0;
  for (const Trial& trial : trials) {
    if (interrupted()) break;
    measurement.add(trial);
    progress->update(++done, "");
  }
  progress->finish();
  return measurement.take();
}

HtmlTable sensitivity_table(const ReferenceSensitivity& sensitivity) {
  const Json json = sensitivity.to_json();
  HtmlTable table = {
      "What the answers hang on the reference for (grad_ratio: gradients of the loss "
      "at the reference over those at the recording; delta and margin: what changes "
      "when noise, or silence, takes the reference's place; attn_mlp_ratio: what "
      "attention adds over what the MLP adds).",
      {"figure", "value"},
      {}};
  for (const auto& [name, value] : json.items()) {
    table.rows.push_back({name, value.is_number_integer()
                                    ? value.dump()
                                    : fmt::format("{:.6g}", value.get<double>())});
  }
  return table;
}

std::string sensitivity_text(const ReferenceSensitivity& sensitivity) {
  std::string text;
  for (const auto& row : sensitivity_table(sensitivity).rows) {
    text += fmt::format("{:24} {}\n", row[0], row[1]);
  }
  return text;
}

}  // namespace bonafide
