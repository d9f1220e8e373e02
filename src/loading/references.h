#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpus/reference_sampler.h"
#include "evaluation/parts.h"
#include "recipe/recipe.h"

namespace bonafide {

// What a system that compares is given besides the trials of a part, as the recipe's section
// `reference` says. Both leave out the trials that there is nothing to compare with, and `warn` of
// them, or throw UsageError naming the first (reference.missing); also when nothing of a class is
// left. `key`: as of read_part.

// To learn from: drawn anew at every access.
std::unique_ptr<ReferenceSampler> sample_references(const Recipe& recipe, const std::string& key,
                                                    std::vector<Trial>& trials,
                                                    const WarnLine& warn);

// To be judged by: each trial's reference becomes one draw by the seed and the trial's identity, so
// that no figure depends on the order of the list.
// `draw`: takes the place of reference.draw.
void settle_references(const Recipe& recipe, const std::string& key, std::vector<Trial>& trials,
                       const WarnLine& warn, std::optional<ReferenceRules::Draw> draw = {});

// Warns of a section `reference` that says something to a system which compares nothing.
void note_unused_references(const Recipe& recipe, const WarnLine& warn);

}  // namespace bonafide
