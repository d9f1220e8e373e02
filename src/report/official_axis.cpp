#include "report/official_axis.h"

#include <algorithm>

#include "base/text.h"

namespace bonafide {

ResolvedAxis::ResolvedAxis(const OfficialAxis& axis, const Trials& trials)
    : conditions_(axis.size()), selections_(axis.size()) {
  for (size_t i = 0; i < axis.size(); ++i) {
    if (axis[i].factor.empty()) continue;
    const Factor& factor = trials.factor(axis[i].factor);
    const auto& values = factor.values();
    const auto at = std::find(values.begin(), values.end(), axis[i].value);
    const auto code = at == values.end() ? UINT32_MAX : static_cast<uint32_t>(at - values.begin());
    conditions_[i] = {axis[i].value, code, axis[i].side};
    selections_[i] = {&factor, &conditions_[i]};
  }
}

std::vector<std::string> tags(const OfficialAxis& axis) {
  std::vector<std::string> names;
  for (const AxisEntry& entry : axis) names.push_back(printable(entry.tag));
  return names;
}

}  // namespace bonafide
