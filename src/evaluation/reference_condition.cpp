#include "evaluation/reference_condition.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace {

using Draw = ReferenceRules::Draw;
using Kind = ReferenceSound::Kind;

constexpr double kLongest = 3600;  // seconds
constexpr double kMostDecibels = 200;

// Reads the words of one condition.
class ConditionReader {
 public:
  explicit ConditionReader(const std::string& text) { condition_.name = text; }

  ReferenceCondition read() {
    for (const std::string_view word : split(condition_.name, '+')) take(std::string(word));
    return condition_;
  }

 private:
  void take(const std::string& word) {
    static const std::map<std::string, Draw> draws = {{"matched", Draw::kSpeaker},
                                                      {"other_speaker", Draw::kOtherSpeaker},
                                                      {"listed", Draw::kListed}};
    static const std::map<std::string, Kind> kinds = {{"silence", Kind::kSilence},
                                                      {"noise", Kind::kNoise}};
    static const std::set<std::string> networks = {"zero", "self", "none"};
    if (const auto draw = draws.find(word); draw != draws.end()) {
      once("whose");
      condition_.draw = draw->second;
    } else if (const auto kind = kinds.find(word); kind != kinds.end()) {
      once("sound");
      condition_.sound.kind = kind->second;
    } else if (networks.contains(word)) {
      once("network");
      condition_.network = word;
    } else if (word.starts_with("seconds:")) {
      once("seconds");
      condition_.sound.seconds = number(word, 0, kLongest);
      if (condition_.sound.seconds == 0) refuse(word);
    } else if (word.starts_with("snr:")) {
      once("sound");
      condition_.sound.kind = Kind::kNoisy;
      condition_.sound.snr = number(word, -kMostDecibels, kMostDecibels);
    } else {
      refuse(word);
    }
  }

  void once(const std::string& what) {
    if (seen_.insert(what).second) return;
    throw UsageError(fmt::format("reference.conditions: \"{}\" has two words of one kind",
                                 printable(condition_.name)));
  }

  double number(const std::string& word, double low, double high) const {
    const auto value = parse_double(std::string_view(word).substr(word.find(':') + 1));
    if (!value || !(*value >= low && *value <= high)) refuse(word);
    return *value;
  }

  [[noreturn]] void refuse(const std::string& word) const {
    throw UsageError(fmt::format(
        "reference.conditions: \"{}\" is none of matched, other_speaker, listed, silence, noise, "
        "zero, self, none, seconds:N, snr:DB, joined by \"+\"",
        printable(word)));
  }

  ReferenceCondition condition_;
  std::set<std::string> seen_;
};

}  // namespace

ReferenceCondition parse_condition(const std::string& text) { return ConditionReader(text).read(); }

std::vector<ReferenceCondition> conditions_of(const Recipe& recipe) {
  std::vector<ReferenceCondition> conditions;
  std::set<std::string> names;
  for (const Json& entry : recipe.at("reference.conditions")) {
    if (!entry.is_string()) {
      throw UsageError(
          fmt::format("reference.conditions: {} is no condition", printable(entry.dump())));
    }
    conditions.push_back(parse_condition(entry.get<std::string>()));
    if (!names.insert(conditions.back().name).second) {
      throw UsageError(fmt::format("reference.conditions: \"{}\" stands there twice",
                                   printable(conditions.back().name)));
    }
  }
  return conditions;
}

}  // namespace bonafide
