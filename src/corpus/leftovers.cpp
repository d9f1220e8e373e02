#include "corpus/leftovers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace bonafide {

void Leftovers::add(std::string_view kind, std::string name) {
  if (has(name)) return;
  auto at = std::find_if(kinds_.begin(), kinds_.end(),
                         [&](const Kind& known) { return known.name == kind; });
  if (at == kinds_.end()) at = kinds_.insert(at, {std::string(kind), {}});
  at->members.insert(std::move(name));
}

bool Leftovers::has(const std::string& name) const {
  return std::any_of(kinds_.begin(), kinds_.end(),
                     [&](const Kind& kind) { return kind.members.contains(name); });
}

void Leftovers::add_trouble(std::string line) {
  if (std::find(troubles_.begin(), troubles_.end(), line) != troubles_.end()) return;
  troubles_.push_back(std::move(line));
}

size_t Leftovers::count() const {
  size_t count = 0;
  for (const Kind& kind : kinds_) count += kind.members.size();
  return count;
}

std::vector<std::string> Leftovers::lines(size_t most) const {
  std::vector<std::string> lines;
  for (const Kind& kind : kinds_) {
    std::string names;
    size_t shown = 0;
    for (const std::string& name : kind.members) {
      if (shown == most) break;
      names += fmt::format("{}{}", shown++ == 0 ? "" : ", ", printable(name));
    }
    lines.push_back(fmt::format("not read: {} {} ({}{})", kind.members.size(), kind.name, names,
                                shown < kind.members.size() ? ", ..." : ""));
  }
  lines.insert(lines.end(), troubles_.begin(), troubles_.end());
  return lines;
}

}  // namespace bonafide
