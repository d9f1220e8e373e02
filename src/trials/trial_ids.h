#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace bonafide {

// The identity of a trial: a recording, and for verification trials the claimed speaker.
struct TrialId {
  std::string_view utterance;
  std::string_view claim;

  bool operator==(const TrialId&) const = default;
};

// The ids of many trials; what they are views of lives elsewhere.
struct TrialIds {
  std::vector<std::string_view> utterances;
  std::vector<std::string_view> claims;  // empty: the trials claim no speaker

  size_t size() const { return utterances.size(); }
  bool empty() const { return utterances.empty(); }
  TrialId operator[](size_t row) const {
    return {utterances[row], claims.empty() ? std::string_view() : claims[row]};
  }
};

}  // namespace bonafide
