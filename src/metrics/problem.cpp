#include "metrics/problem.h"

#include <fmt/format.h>

#include "base/error.h"

namespace bonafide {

std::optional<std::string> problem_of(const std::function<void()>& compute) {
  try {
    compute();
  } catch (const UsageError&) {
    throw;
  } catch (const Error& e) {
    return e.what();
  }
  return std::nullopt;
}

void note_problem(std::string_view figure, const std::optional<std::string>& problem,
                  std::vector<std::string>& warnings) {
  if (problem) warnings.push_back(fmt::format("no {}: {}", figure, *problem));
}

}  // namespace bonafide
