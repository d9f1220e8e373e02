#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bonafide {

// A column of words with few distinct values (attack, codec, speaker): a code per trial.
class Factor {
 public:
  explicit Factor(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  size_t size() const { return codes_.size(); }
  std::span<const uint32_t> codes() const { return codes_; }
  const std::string& value(size_t trial) const { return values_[codes_[trial]]; }
  const std::vector<std::string>& values() const { return values_; }  // by code

  void append(std::string_view value) {
    if (values_.empty() || values_[last_] != value) last_ = intern(value);
    codes_.push_back(last_);
  }

  // The trials `rows`, in this order, and no values but theirs.
  Factor select(std::span<const uint32_t> rows) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  uint32_t intern(std::string_view value);

  std::string name_;
  std::vector<uint32_t> codes_;
  std::vector<std::string> values_;
  std::unordered_map<std::string, uint32_t, Hash, std::equal_to<>> code_of_;
  uint32_t last_ = 0;
};

// The factor of that name; null when there is none.
const Factor* find_factor(std::span<const Factor> factors, std::string_view name);

}  // namespace bonafide
