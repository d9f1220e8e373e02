#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "cli/metrics_modes.h"
#include "metrics/asv_scores.h"
#include "metrics/breakdown.h"
#include "metrics/decisions.h"
#include "metrics/detector_result.h"
#include "metrics/verification_trials.h"
#include "report/detector_text.h"
#include "report/plots.h"

namespace bonafide {

namespace {

// The class that all trials have, and what goes wrong with them.
struct OneClass {
  std::string_view name;     // "bona fide"
  std::string_view missing;  // the other one
  std::string_view wrong;    // "bona fide rejected"
  std::string_view key;      // of the rate in JSON
  bool accepted;             // whether it is wrong to accept them
};

OneClass one_class(const Trials& trials) {
  const Truth first = trials.classes.front();
  const bool alike = std::all_of(trials.classes.begin(), trials.classes.end(),
                                 [&](Truth c) { return c == first; });
  if (first == Truth::kSpoof) {
    return {"spoof", "bona fide", "spoof accepted, 1-SRR", "spoof_accepted", true};
  }
  if (alike && first == Truth::kTarget) {
    return {"target", "nontarget or spoof", "target rejected", "target_rejected", false};
  }
  if (alike && first == Truth::kNontarget) {
    return {"nontarget", "target", "nontarget accepted", "nontarget_accepted", true};
  }
  return {"bona fide", "spoof", "bona fide rejected", "bona_fide_rejected", false};
}

// How many are on the wrong side.
double wrong_share(const OneClass& one, const Decisions& d) {
  return one.accepted ? *d.false_alarm() : *d.miss();
}

Json decisions_json(const OneClass& one, const Decisions& d) {
  Json json = d.to_json();
  if (!json.contains(one.key)) {
    json.erase("bona_fide_rejected");
    json.erase("spoof_accepted");
  }
  json[std::string(one.key)] = wrong_share(one, d);
  json["reason"] = fmt::format("no {} trials", one.missing);
  return json;
}

Decisions decide_all(const OneClass& one, const std::vector<double>& scores, double threshold) {
  return one.accepted ? decide({}, scores, threshold) : decide(scores, {}, threshold);
}

// What the threshold makes of all trials, and of those of each condition.
void report_decisions(const MetricsOptions& options, const Trials& trials, const OneClass& one,
                      Json& json) {
  const Decisions pooled = decide_all(one, only_scores(trials), *options.threshold);
  fmt::print("\n{} %  {:>12.4f}  at threshold {:.6g}\n", one.wrong, 100 * wrong_share(one, pooled),
             *options.threshold);
  json["decisions"] = decisions_json(one, pooled);
  for (const std::string& by : options.by) {
    const Factor& factor = trials.factor(by);
    fmt::print("\n{:<24}{:>10}{:>12}\n", by, "trials", "%");
    for (const Condition& condition : conditions(trials, factor)) {
      const Trials part =
          trials.filter([&](size_t i) { return selects(condition, factor, i, trials.classes[i]); });
      const Decisions d = decide_all(one, only_scores(part), *options.threshold);
      fmt::print("{:<24}{:>10}{:>12.4f}\n", printable(condition.value, 40), part.size(),
                 100 * wrong_share(one, d));
      json["by"][by][printable(condition.value)] = decisions_json(one, d);
    }
  }
}

void write_histogram(const MetricsOptions& options, const Trials& trials, const OneClass& one) {
  const std::filesystem::path folder = options.plots;
  std::filesystem::create_directories(folder);
  write_atomically(
      folder / "histogram.svg",
      score_histogram({{one.name, only_scores(trials)}}, options.threshold,
                      one.name.ends_with("target") ? "more like the target" : "more bona fide"));
}

}  // namespace

int run_one_class_metrics(const MetricsOptions& options, const MetricsTrials& read) {
  const Trials& trials = read.trials;
  const OneClass one = one_class(trials);
  if (!options.threshold && options.asv_scores.empty()) {
    throw UsageError(fmt::format(
        "{}: no {} trials, and so no equal error rate; --threshold T says how many of "
        "the {} trials are {}",
        printable(options.scores), one.missing, one.name, one.accepted ? "accepted" : "rejected"));
  }
  refuse_options("trials of one class", {{"--compare", !options.compare.empty()},
                                         {"--eer", !options.eer.empty()},
                                         {"--bootstrap", options.resamples > 0},
                                         {"--tables", !options.tables.empty()},
                                         {"--report", !options.report.empty()}});
  refuse_options("trials of one class without --threshold",
                 {{"--by", !options.threshold && !options.by.empty()}});
  Json json = metrics_json(options);
  std::optional<AsvSystem> asv;
  if (!options.asv_scores.empty()) asv = read_asv_system(options.asv_scores, options.asv_key);
  fmt::print("{}: {} {}, no {}{}\n", printable(options.scores), trials.size(), one.name,
             one.missing, options.threshold ? "" : " and so no equal error rate, no t-DCF");
  if (options.threshold) report_decisions(options, trials, one, json);
  if (asv) {
    fmt::print("\n{}", asv_text(*asv));
    json["asv"] = asv_json(*asv);
  }
  print_left_out(trials.left_out);
  if (!options.json.empty()) write_atomically(options.json, json.dump(2) + "\n");
  if (!options.plots.empty()) write_histogram(options, trials, one);
  return 0;
}

}  // namespace bonafide
