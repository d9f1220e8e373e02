#include "cli/metrics_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "base/error.h"
#include "base/text.h"
#include "metrics/breakdown.h"
#include "metrics/resampling.h"
#include "metrics/verification_trials.h"

namespace bonafide {

namespace {

constexpr const char* kTargetOnly = "target-only";

// FACTOR=VALUE[,VALUE...]
struct Filter {
  std::string factor;
  std::vector<std::string> values;
};

Filter parse_filter(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) {
    throw UsageError(
        fmt::format("--where \"{}\": expected COLUMN=VALUE[,VALUE...]", printable(text)));
  }
  Filter filter{text.substr(0, equals), {}};
  for (const std::string_view value : split(std::string_view(text).substr(equals + 1), ',')) {
    filter.values.emplace_back(value);
  }
  return filter;
}

TableOptions table_options(const MetricsOptions& options, const std::vector<Filter>& filters) {
  TableOptions table;
  const auto want = [&](const std::string& factor) {
    if (std::find(table.factors.begin(), table.factors.end(), factor) == table.factors.end()) {
      table.factors.push_back(factor);
    }
  };
  for (const std::string& factor : options.by) want(factor);
  for (const Filter& filter : filters) want(filter.factor);
  const Resampling resampling = parse_resampling(options.resampling.value_or("plain"));
  if (resampling == Resampling::kSpeaker || resampling == Resampling::kJoint) want("speaker");
  if (resampling == Resampling::kJoint) want("claim");
  if (!options.subset.empty()) want("subset");
  if (options.bonafide_label >= 0) table.numeric_bona_fide = options.bonafide_label;
  table.official = options.official;
  table.missing_scores_allowed = options.partial;
  return table;
}

// Which utterances have a trial with the key target or spoof in the ASV protocol.
void mark_target_only(const std::string& protocol_path, TrialTable& trials) {
  if (!trials.has_ids()) {
    throw UsageError(
        fmt::format("{}: has no ids to look up in the ASV protocol", printable(trials.name())));
  }
  const TrialTable protocol = TrialTable::read(protocol_path, {.use = TableUse::kKey});
  if (!protocol.has_ids() || protocol.classes().empty()) {
    throw UsageError(
        fmt::format("{}: no ASV protocol: utterances with the keys target, nontarget "
                    "and spoof were expected",
                    printable(protocol.name())));
  }
  std::unordered_set<std::string_view> wanted;
  for (size_t i = 0; i < protocol.size(); ++i) {
    const Truth c = protocol.classes()[i];
    if (c == Truth::kBonaFide) {
      throw UsageError(
          fmt::format("{}: line {}: the key bonafide does not say whether the speaker "
                      "is a target",
                      printable(protocol.name()), protocol.line_of(i)));
    }
    if (c != Truth::kNontarget) wanted.insert(protocol.ids()[i].utterance);
  }
  trials.mark(kTargetOnly, [&](const TrialId& id) { return wanted.contains(id.utterance); });
}

std::vector<bool> all(const Trials& trials) { return std::vector<bool>(trials.size(), true); }

void keep_where(const Trials& trials, const Filter& filter, std::vector<bool>& keep) {
  const Factor& factor = trials.factor(filter.factor);
  const auto known = conditions(trials, factor);
  std::vector<Condition> wanted;
  for (const std::string& value : filter.values) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Condition& c) { return c.value == value; });
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const Condition& c : known) names.push_back(c.value);
      const auto meant = nearest(value, names);
      throw UsageError(fmt::format(
          "--where {}: no trial has the value \"{}\"{}", printable(filter.factor), printable(value),
          meant ? fmt::format(" (did you mean \"{}\"?)", printable(*meant)) : ""));
    }
    wanted.push_back(*found);
  }
  for (size_t i = 0; i < trials.size(); ++i) {
    keep[i] = keep[i] && std::any_of(wanted.begin(), wanted.end(), [&](const Condition& c) {
                return selects(c, factor, i, trials.classes[i]);
              });
  }
}

void keep_value(const Trials& trials, const char* name, const std::string& value,
                std::vector<bool>& keep) {
  const Factor& factor = trials.factor(name);
  for (size_t i = 0; i < trials.size(); ++i) keep[i] = keep[i] && factor.value(i) == value;
}

// Which trials have every score that goes into a figure.
std::vector<bool> scored(const Trials& trials, const MetricsOptions& options) {
  std::vector<bool> complete = all(trials);
  const bool verification = kind_of(trials, options) == TrialKind::kVerification;
  const bool tandem = !trials.asv_scores.empty() && !trials.cm_scores.empty();
  const auto need = [&](const std::vector<double>& scores) {
    for (size_t i = 0; i < scores.size(); ++i) complete[i] = complete[i] && !std::isnan(scores[i]);
  };
  need(verification ? only_scores(trials) : trials.cm_scores);
  if (verification && tandem) {
    need(trials.asv_scores);
    need(trials.cm_scores);
  }
  return complete;
}

void refuse_without_trial(const std::vector<bool>& keep, std::string_view why,
                          const MetricsOptions& options) {
  if (std::find(keep.begin(), keep.end(), true) != keep.end()) return;
  throw UsageError(fmt::format("{}: {}", printable(options.scores), why));
}

std::vector<bool> kept(const Trials& trials, const MetricsOptions& options,
                       const std::vector<Filter>& filters) {
  std::vector<bool> keep = all(trials);
  if (!options.subset.empty()) keep_value(trials, "subset", options.subset, keep);
  for (const Filter& filter : filters) keep_where(trials, filter, keep);
  if (!options.target_only.empty()) keep_value(trials, kTargetOnly, "yes", keep);
  refuse_without_trial(keep, "the filters leave no trial", options);
  return keep;
}

void refuse_without_scores(const TrialTable& table) {
  if (table.has_scores()) return;
  throw UsageError(fmt::format("{}: has no scores", printable(table.name())));
}

// The score file, and the key if there is one.
struct Tables {
  TrialTable scores;
  std::optional<TrialTable> key;

  TrialTable& labels() { return key ? *key : scores; }
};

Tables read_tables(const MetricsOptions& options, const TableOptions& table) {
  Tables tables = [&]() -> Tables {
    if (options.key.empty()) return {TrialTable::read(options.scores, table), std::nullopt};
    auto [scores, key] = TrialTable::read_both(options.scores, options.key, table);
    return {std::move(scores), std::move(key)};
  }();
  refuse_without_scores(tables.scores);
  return tables;
}

}  // namespace

TrialKind kind_of(const Trials& trials, const MetricsOptions& options) {
  const auto has = [&](Truth wanted) {
    return std::find(trials.classes.begin(), trials.classes.end(), wanted) != trials.classes.end();
  };
  const bool bona_fide = has(Truth::kBonaFide);
  const bool target = has(Truth::kTarget);
  const bool nontarget = has(Truth::kNontarget);
  const bool spoof = has(Truth::kSpoof);
  const bool about_detector = !options.asv_scores.empty() || !options.target_only.empty();
  if (!bona_fide && target && (nontarget || (spoof && !about_detector))) {
    return TrialKind::kVerification;
  }
  if (!spoof || (!bona_fide && !target && !nontarget)) return TrialKind::kOneClass;
  const bool verified = trials.cm_scores.empty() || trials.asv_scores.empty();
  if (!bona_fide && !target && verified && !about_detector) {
    throw UsageError(
        fmt::format("{}: no target trials: nontargets and spoofs alone have no figure of "
                    "verification",
                    printable(options.scores)));
  }
  return TrialKind::kDetection;
}

MetricsTrials read_metrics_trials(const MetricsOptions& options) {
  if (!options.compare.empty() && options.partial) {
    throw UsageError("--compare: needs all trials of both systems; --partial cannot go with it");
  }
  std::vector<Filter> filters;
  for (const std::string& text : options.where) filters.push_back(parse_filter(text));
  const TableOptions table = table_options(options, filters);
  Tables tables = read_tables(options, table);
  if (!options.target_only.empty()) mark_target_only(options.target_only, tables.labels());

  MetricsTrials result{tables.key ? join(tables.scores, *tables.key, {options.partial})
                                  : labelled_trials(tables.scores, options.repeats),
                       {}};
  if (!options.compare.empty()) {
    TableOptions beside_labels = table;
    beside_labels.use = TableUse::kScores;
    const TrialTable compared = TrialTable::read(options.compare, beside_labels);
    refuse_without_scores(compared);
    // Both in the order of the labels.
    result.compared = join(compared, tables.labels());
  }
  const auto keep_only = [&](const std::vector<bool>& keep) {
    const auto by_mask = [&](size_t i) { return keep[i]; };
    if (result.compared) result.compared = result.compared->filter(by_mask);
    result.trials = result.trials.filter(by_mask);
  };
  if (!options.subset.empty() || !filters.empty() || !options.target_only.empty()) {
    keep_only(kept(result.trials, options, filters));
  }
  if (options.partial) {
    const std::vector<bool> complete = scored(result.trials, options);
    refuse_without_trial(complete, "the trials without a score left out, none is left", options);
    keep_only(complete);
    result.trials.left_out +=
        static_cast<size_t>(std::count(complete.begin(), complete.end(), false));
  }
  return result;
}

}  // namespace bonafide
