#include "scoring/judgement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::array<std::string_view, 3> kNames = {"first", "mean", "worst"};

using Windows = std::vector<const WindowScore*>;

// Those that count: with a score and, unless none has it, variation.
Windows counting(std::span<const WindowScore> windows) {
  Windows scored, lively;
  for (const WindowScore& window : windows) {
    if (!std::isfinite(window.score)) continue;
    scored.push_back(&window);
    if (window.still.empty()) lively.push_back(&window);
  }
  return lively.empty() ? scored : lively;
}

const WindowScore& lowest(const Windows& windows) {
  return **std::min_element(windows.begin(), windows.end(),
                            [](const auto* a, const auto* b) { return a->score < b->score; });
}

template <typename Value>
double mean(const Windows& windows, const Value& value) {
  double sum = 0;
  for (const WindowScore* window : windows) sum += value(*window);
  return sum / static_cast<double>(windows.size());
}

std::vector<float> mean(const Windows& windows, std::vector<float> WindowScore::*values) {
  std::vector<float> means(((*windows.front()).*values).size());
  for (size_t i = 0; i < means.size(); ++i) {
    means[i] = static_cast<float>(
        mean(windows, [&](const WindowScore& window) { return double{(window.*values).at(i)}; }));
  }
  return means;
}

void set_llr(Judgement& judgement, double llr, const Calibration& calibration) {
  judgement.llr = llr;
  judgement.probability = calibration.probability(llr);
  judgement.verdict = calibration.verdict(llr);
}

Judgement by_window(const WindowScore& window, const std::optional<Calibration>& calibration,
                    bool constant) {
  Judgement judgement;
  if (!std::isfinite(window.score)) {
    judgement.detail = fmt::format("the model's score is {}", window.score);
    judgement.embedding = window.embedding;
    return judgement;
  }
  judgement.score = window.score;
  judgement.parts = window.parts;
  judgement.embedding = window.embedding;
  if (!window.still.empty() && !constant) {
    judgement.detail = window.still + " in the scored stretch";
  }
  if (!calibration) return judgement;
  if (constant || !window.still.empty()) {
    judgement.verdict = Verdict::kInconclusive;
  } else {
    set_llr(judgement, calibration->llr(window.score), *calibration);
  }
  return judgement;
}

Judgement by_mean(const Windows& windows, const std::optional<Calibration>& calibration,
                  bool still) {
  Judgement judgement;
  judgement.score = mean(windows, [](const WindowScore& window) { return window.score; });
  judgement.parts = mean(windows, &WindowScore::parts);
  judgement.embedding = mean(windows, &WindowScore::embedding);
  if (!calibration) return judgement;
  if (still) {
    judgement.verdict = Verdict::kInconclusive;
  } else {
    set_llr(judgement,
            mean(windows, [&](const WindowScore& w) { return calibration->llr(w.score); }),
            *calibration);
  }
  return judgement;
}

// "over mean: 3 of 5 windows".
std::string describe(Over over, size_t counted, size_t all) {
  return counted == all ? fmt::format("over {}: {} windows", name_of(over), all)
                        : fmt::format("over {}: {} of {} windows", name_of(over), counted, all);
}

}  // namespace

std::string_view name_of(Over over) { return kNames.at(static_cast<size_t>(over)); }

Over parse_over(std::string_view word) {
  const auto found = std::find(kNames.begin(), kNames.end(), word);
  if (found == kNames.end()) {
    throw UsageError(
        fmt::format("over: \"{}\" is not one of: first, mean, worst", printable(word)));
  }
  return static_cast<Over>(found - kNames.begin());
}

Judgement judge(std::span<const WindowScore> windows, Over over,
                const std::optional<Calibration>& calibration, bool constant) {
  const Windows counted = counting(windows);
  if (over == Over::kFirst || counted.empty()) {
    return by_window(windows.front(), calibration, constant);
  }
  const bool still = constant || !counted.front()->still.empty();
  Judgement judgement = over == Over::kMean ? by_mean(counted, calibration, still)
                                            : by_window(lowest(counted), calibration, constant);
  std::string said = describe(over, counted.size(), windows.size());
  if (over == Over::kWorst) said += fmt::format(", at {:.2f} s", lowest(counted).start);
  judgement.detail = judgement.detail.empty() ? said : said + "; " + judgement.detail;
  return judgement;
}

}  // namespace bonafide
