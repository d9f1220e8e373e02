#include "evaluation/task.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

using Word = std::pair<std::string_view, PartNeeds>;

PartNeeds one_of(const Recipe& recipe, const char* key, const Word& first, const Word& second) {
  const std::string word = recipe.text(key);
  for (const auto& [known, needs] : {first, second}) {
    if (word == known) return needs;
  }
  throw UsageError(fmt::format("{}: \"{}\" is not one of: {}, {}", key, printable(word),
                               first.first, second.first));
}

}  // namespace

Task task_of(const Recipe& recipe) {
  return {one_of(recipe, "task.learn", {"classes", PartNeeds::kBothClasses},
                 {"speakers", PartNeeds::kSpeakers}),
          one_of(recipe, "task.judge", {"detection", PartNeeds::kBothClasses},
                 {"verification", PartNeeds::kTrials})};
}

}  // namespace bonafide
