#include "loading/references.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "base/json_value.h"
#include "base/random.h"
#include "recipe/recipe_schema.h"

namespace bonafide {

namespace {

ReferenceRules rules_of(const Recipe& recipe) {
  ReferenceRules rules;
  const std::string draw = recipe.text("reference.draw");
  if (draw == "other_speaker") rules.draw = ReferenceRules::Draw::kOtherSpeaker;
  if (draw == "listed") rules.draw = ReferenceRules::Draw::kListed;
  rules.exclude_self = recipe.flag("reference.exclude_self");
  return rules;
}

std::set<Truth> labels_of(const std::vector<Trial>& trials) {
  std::set<Truth> labels;
  for (const Trial& trial : trials) labels.insert(label_of(trial.truth));
  return labels;
}

// sample_references() by rules of one's own.
std::unique_ptr<ReferenceSampler> sample_by(const ReferenceRules& rules, const Recipe& recipe,
                                            const std::string& key, std::vector<Trial>& trials,
                                            const WarnLine& warn) {
  auto sampler = std::make_unique<ReferenceSampler>(trials, rules);
  const auto labels = labels_of(trials);
  std::string first;
  const size_t left_out = std::erase_if(trials, [&](const Trial& trial) {
    const std::string objection = sampler->objection(trial);
    if (first.empty()) first = objection;
    return !objection.empty();
  });
  if (left_out == 0) return sampler;
  if (recipe.text("reference.missing") == "stop" || labels_of(trials) != labels) {
    throw UsageError(fmt::format("data.{}: {}{}", key, first,
                                 labels_of(trials) != labels && !trials.empty()
                                     ? "; without such trials no other of a class is left"
                                     : ""));
  }
  if (warn) {
    warn(fmt::format("data.{}: {} trials without a reference left out, the first: {}", key,
                     left_out, first));
  }
  return sampler;
}

}  // namespace

std::unique_ptr<ReferenceSampler> sample_references(const Recipe& recipe, const std::string& key,
                                                    std::vector<Trial>& trials,
                                                    const WarnLine& warn) {
  return sample_by(rules_of(recipe), recipe, key, trials, warn);
}

void settle_references(const Recipe& recipe, const std::string& key, std::vector<Trial>& trials,
                       const WarnLine& warn, std::optional<ReferenceRules::Draw> draw) {
  ReferenceRules rules = rules_of(recipe);
  if (draw) rules.draw = *draw;
  const auto sampler = sample_by(rules, recipe, key, trials, warn);
  const auto seed = static_cast<uint64_t>(recipe.integer("seed"));
  for (Trial& trial : trials) {
    Random random(seed, hash(identity(trial)));
    trial.reference = sampler->draw(trial, random);
  }
}

void note_unused_references(const Recipe& recipe, const WarnLine& warn) {
  if (!warn || recipe.at("reference") == recipe_schema().defaults.at("reference")) return;
  warn("reference: this system judges a recording by itself; the section changes nothing");
}

}  // namespace bonafide
