#include "metrics/factor.h"

namespace bonafide {

uint32_t Factor::intern(std::string_view value) {
  const auto found = code_of_.find(value);
  if (found != code_of_.end()) return found->second;
  const auto code = static_cast<uint32_t>(values_.size());
  values_.emplace_back(value);
  code_of_.emplace(std::string(value), code);
  return code;
}

Factor Factor::select(std::span<const uint32_t> rows) const {
  Factor chosen(name_);
  chosen.values_ = values_;
  chosen.code_of_ = code_of_;
  chosen.codes_.reserve(rows.size());
  for (const uint32_t row : rows) chosen.codes_.push_back(codes_[row]);
  return chosen;
}

}  // namespace bonafide
