#pragma once

#include <memory>

#include "audio/audio_cache.h"
#include "augment/augmentation.h"
#include "loading/loader.h"
#include "processes/communicator.h"
#include "recipe/recipe.h"

namespace bonafide {

// How a recipe (its sections train, augment, loader, input and compute) wants its training part
// loaded by one process of a job. All throw UsageError for what it may not say.
LoaderOptions loader_options(const Recipe& recipe, const Communicator& communicator,
                             const Augmentation* augmentation, const AudioCache* cache,
                             const ReferenceSampler* references = nullptr);

// What the section `input` describes, used as the sections `loader`, `train` and `augment` say.
std::unique_ptr<Frontend> make_training_frontend(const Recipe& recipe);

// Null when the recipe asks for none.
std::unique_ptr<Augmentation> make_training_augmentation(const Recipe& recipe);
std::unique_ptr<AudioCache> open_audio_cache(const Recipe& recipe);

}  // namespace bonafide
