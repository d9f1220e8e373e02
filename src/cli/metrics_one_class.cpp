#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/metrics_modes.h"
#include "metrics/breakdown.h"
#include "metrics/decisions.h"
#include "metrics/verification_trials.h"
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
  const TrialClass first = trials.classes.front();
  const bool alike = std::all_of(trials.classes.begin(), trials.classes.end(),
                                 [&](TrialClass c) { return c == first; });
  if (first == TrialClass::kSpoof) {
    return {"spoof", "bona fide", "spoof accepted, 1-SRR", "spoof_accepted", true};
  }
  if (alike && first == TrialClass::kTarget) {
    return {"target", "nontarget or spoof", "target rejected", "target_rejected", false};
  }
  if (alike && first == TrialClass::kNontarget) {
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

}  // namespace

int run_one_class_metrics(const MetricsOptions& options, const MetricsTrials& read) {
  const Trials& trials = read.trials;
  const OneClass one = one_class(trials);
  if (!options.threshold) {
    throw UsageError(fmt::format(
        "{}: no {} trials, and so no equal error rate; --threshold T says how many of "
        "the {} trials are {}",
        printable(options.scores), one.missing, one.name, one.accepted ? "accepted" : "rejected"));
  }
  refuse_options("trials of one class", {{"--compare", !options.compare.empty()},
                                         {"--eer", !options.eer.empty()},
                                         {"--asv-scores", !options.asv_scores.empty()},
                                         {"--bootstrap", options.resamples > 0},
                                         {"--tables", !options.tables.empty()},
                                         {"--report", !options.report.empty()}});
  const std::vector<double>& scores = only_scores(trials);
  const Decisions pooled = decide_all(one, scores, *options.threshold);
  fmt::print("{}: {} {}, no {}\n\n{} %  {:>12.4f}  at threshold {:.6g}\n",
             printable(options.scores), trials.size(), one.name, one.missing, one.wrong,
             100 * wrong_share(one, pooled), *options.threshold);
  print_left_out(trials.left_out);
  Json json = metrics_json(options);
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
  if (!options.json.empty()) write_atomically(options.json, json.dump(2) + "\n");
  if (!options.plots.empty()) {
    const std::filesystem::path folder = options.plots;
    std::filesystem::create_directories(folder);
    write_atomically(
        folder / "histogram.svg",
        score_histogram({{one.name, scores}}, options.threshold,
                        one.name.ends_with("target") ? "more like the target" : "more bona fide"));
  }
  return 0;
}

}  // namespace bonafide
