#include "trials/factor.h"

#include <algorithm>

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
  constexpr uint32_t kNone = UINT32_MAX;
  Factor chosen(name_);
  std::vector<uint32_t> new_code(values_.size(), kNone);
  chosen.codes_.reserve(rows.size());
  for (const uint32_t row : rows) {
    uint32_t& code = new_code[codes_[row]];
    if (code == kNone) code = chosen.intern(value(row));
    chosen.codes_.push_back(code);
  }
  return chosen;
}

const Factor* find_factor(std::span<const Factor> factors, std::string_view name) {
  const auto found = std::find_if(factors.begin(), factors.end(),
                                  [&](const Factor& f) { return f.name() == name; });
  return found == factors.end() ? nullptr : &*found;
}

}  // namespace bonafide
