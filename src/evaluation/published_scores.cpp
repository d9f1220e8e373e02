#include "evaluation/published_scores.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "base/csv.h"
#include "base/json_value.h"

namespace bonafide {

namespace {

// The classifiers by their published names.
const std::map<std::string, std::string>& published_names() {
  static const std::map<std::string, std::string> names = {{"ff", "FF"},
                                                           {"ff-diff", "FFDiff"},
                                                           {"ff-diff-abs", "FFDiffAbs"},
                                                           {"ff-diff-quadratic", "FFDiffQuadratic"},
                                                           {"ff-concat1", "FFConcat1"},
                                                           {"ff-concat2", "FFConcat2"},
                                                           {"ff-concat3", "FFConcat3"},
                                                           {"ff-lstm", "FFLSTM"},
                                                           {"ff-lstm2", "FFLSTM2"},
                                                           {"ff-dot", "FFDot"},
                                                           {"rat", "RAT"}};
  return names;
}

// Whose recording and how it sounds, where that is not what the published scripts do by default.
std::string degradation(const ReferenceCondition& condition) {
  std::string words;
  for (const char c : condition.name) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
    words += plain ? c : '_';
  }
  return words;
}

std::string_view label_text(Truth truth) {
  const Truth label = label_of(truth);
  if (label == Truth::kBonaFide) return "0";
  return label == Truth::kSpoof ? "1" : "nan";
}

}  // namespace

std::optional<std::string> published_score_name(const ModelDescription& model,
                                                const ReferenceCondition& condition) {
  if (model.system != "pair") return std::nullopt;
  const std::string classifier = model.model.value("classifier", "rat");
  const auto name = published_names().find(classifier);
  if (name == published_names().end()) return std::nullopt;
  std::string reference = condition.network;
  if (reference.empty()) reference = model.model.value("reference", "matched");
  std::string subtitle = "with_reference";
  if (reference == "zero") subtitle = "zero_reference";
  if (reference == "self" || reference == "none" || classifier == "ff") subtitle = "test_only";
  const bool plain =
      condition.name.empty() || condition.name == "matched" || condition.name == condition.network;
  if (!plain) subtitle += "_" + degradation(condition);
  return fmt::format("{}_{}_scores.txt", name->second, subtitle);
}

std::string published_scores(const std::vector<Trial>& trials, const TrialScores& scores) {
  std::string text;
  for (size_t i = 0; i < trials.size() && i < scores.parts.size(); ++i) {
    if (!scores.scores[i] || scores.parts[i].empty()) continue;
    const double probability = 1 / (1 + std::exp(-double{scores.parts[i].front()}));
    text += csv_line({trials[i].id, fmt::format("{:.9g}", probability),
                      std::string(label_text(trials[i].truth))});
  }
  return text;
}

}  // namespace bonafide
