#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// What a figure's refusal says: one that the scores do not allow leaves the others alone. A wrong
// file or option is refused as a whole: UsageError passes through.
std::optional<std::string> problem_of(const std::function<void()>& compute);

// Adds "no FIGURE: PROBLEM", if there is a problem.
void note_problem(std::string_view figure, const std::optional<std::string>& problem,
                  std::vector<std::string>& warnings);

}  // namespace bonafide
