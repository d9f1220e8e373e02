#include <fmt/format.h>

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "base/output_path.h"
#include "base/text.h"
#include "cli/commands.h"
#include "metrics/score_map.h"
#include "metrics/verification_trials.h"
#include "trials/id_match.h"
#include "trials/score_file.h"
#include "trials/trials.h"

namespace bonafide {

namespace {

struct Options {
  std::string method = "linear";
  std::vector<std::string> scores;
  std::string key;
  std::string map;
  std::string rule;  // instead of a map; "": none
  std::string output;
  std::optional<double> prior;  // kPrior

  static constexpr double kPrior = 0.5;
};

// The scores of one system for the trials of another's file, in that file's order.
std::vector<double> in_order_of(const TrialTable& first, const TrialTable& other) {
  for (const TrialTable* table : {&first, &other}) {
    if (table->has_ids()) continue;
    throw UsageError(fmt::format("{}: has no ids to join by", printable(table->name())));
  }
  const IdMatch match = match_ids(first.id_prints(), other.id_prints());
  const auto& rows = match.right_row;
  std::vector<double> scores;
  scores.reserve(first.size());
  for (size_t row = 0; row < first.size(); ++row) {
    if (rows[row] == kNoRow) {
      throw UsageError(fmt::format("{}: no score for {} (line {} of {})", printable(other.name()),
                                   printable(first.ids()[row].utterance), first.line_of(row),
                                   printable(first.name())));
    }
    scores.push_back(other.cm_scores().at(rows[row]));
  }
  if (!match.right_alone.empty()) {
    const size_t row = match.right_alone.front();
    throw UsageError(fmt::format("{}: {} of {} trials are not in {}: {} (line {}){}",
                                 printable(other.name()), match.right_alone.size(), other.size(),
                                 printable(first.name()), printable(other.ids()[row].utterance),
                                 other.line_of(row), match.right_alone.size() > 1 ? ", ..." : ""));
  }
  return scores;
}

// One row of inputs per trial.
struct Inputs {
  std::vector<double> values;
  size_t per_trial = 0;

  std::span<const double> row(size_t trial) const {
    return std::span(values).subspan(trial * per_trial, per_trial);
  }
};

Inputs inputs_of(const std::vector<const std::vector<double>*>& columns) {
  Inputs inputs{{}, columns.size()};
  const size_t trials = columns.front()->size();
  inputs.values.reserve(trials * columns.size());
  for (size_t i = 0; i < trials; ++i) {
    for (const auto* column : columns) inputs.values.push_back((*column)[i]);
  }
  return inputs;
}

// The tables of several systems side by side; the first one leads.
struct Systems {
  std::deque<TrialTable> tables;  // never moved: ids are views
  std::vector<std::vector<double>> columns;
};

Systems read_systems(const std::vector<std::string>& paths) {
  Systems systems;
  for (const std::string& path : paths) systems.tables.emplace_back(TrialTable::read(path));
  for (const TrialTable& table : systems.tables) {
    if (table.cm_scores().empty()) {
      throw UsageError(fmt::format("{}: has no scores", printable(table.name())));
    }
    refuse_duplicates(table);
    systems.columns.push_back(&table == &systems.tables.front()
                                  ? table.cm_scores()
                                  : in_order_of(systems.tables.front(), table));
  }
  return systems;
}

Trials labelled(const TrialTable& scores, const std::string& key) {
  if (key.empty()) return labelled_trials(scores);
  return join(scores, TrialTable::read(key, {.use = TableUse::kKey}));
}

ScoreMap fit_sasv(const Options& options) {
  if (options.prior) {
    throw UsageError(fmt::format(
        "--prior: has no meaning for {}, which weighs classes by their size", options.method));
  }
  if (options.scores.size() != 1) {
    throw UsageError("fuse fit: this method takes one file with columns asv-score and cm-score");
  }
  const Trials trials = labelled(TrialTable::read(options.scores[0]), options.key);
  if (trials.asv_scores.empty() || trials.cm_scores.empty()) {
    throw UsageError(
        fmt::format("{}: columns asv-score and cm-score are needed", printable(options.scores[0])));
  }
  const VerificationScores asv = verification_scores(trials, trials.asv_scores);
  const VerificationScores cm = verification_scores(trials, trials.cm_scores);
  return ScoreMap(SasvFusion::fit(
      {{asv.target, cm.target}, {asv.nontarget, cm.nontarget}, {asv.spoof, cm.spoof}},
      options.method == "asvspoof5-linear"));
}

// Labels of the first file's trials, in its order.
std::vector<Truth> classes_in_order(const TrialTable& first, const std::string& key) {
  if (key.empty()) return labelled_trials(first).classes;
  const TrialTable table = TrialTable::read(key, {.use = TableUse::kKey});
  join(first, table);  // refuses what does not fit
  std::vector<Truth> classes;
  for (const uint32_t row : match_ids(first.id_prints(), table.id_prints()).right_row) {
    if (row == kNoRow) {
      throw UsageError(fmt::format("{}: ids must be written as in {}", printable(first.name()),
                                   printable(table.name())));
    }
    classes.push_back(table.classes()[row]);
  }
  return classes;
}

ScoreMap fit_detectors(const Options& options) {
  const Systems systems = read_systems(options.scores);
  const auto classes = classes_in_order(systems.tables.front(), options.key);
  std::vector<const std::vector<double>*> columns;
  for (const auto& column : systems.columns) columns.push_back(&column);
  if (options.method == "pav") {
    if (columns.size() != 1) throw UsageError("fuse fit: pav takes one score file");
    std::vector<double> bona_fide;
    std::vector<double> spoof;
    for (size_t i = 0; i < classes.size(); ++i) {
      (is_bona_fide(classes[i]) ? bona_fide : spoof).push_back((*columns[0])[i]);
    }
    return ScoreMap(PavCalibration::fit(Ranking(bona_fide, spoof)),
                    options.prior.value_or(Options::kPrior));
  }
  std::vector<uint8_t> positive;
  for (const Truth c : classes) positive.push_back(is_bona_fide(c) ? 1 : 0);
  return ScoreMap(
      fit_calibration(inputs_of(columns).values, positive, options.prior.value_or(Options::kPrior)),
      options.prior.value_or(Options::kPrior));
}

int fit(const Options& options) {
  if (options.prior && !(*options.prior > 0 && *options.prior < 1)) {
    throw UsageError(fmt::format("--prior {}: must lie between 0 and 1", *options.prior));
  }
  std::vector<std::string> inputs = options.scores;
  inputs.push_back(options.key);
  expect_no_input("fuse fit", options.map, inputs);
  ScoreMap map = [&] {
    if (options.method == "asvspoof5" || options.method == "asvspoof5-linear") {
      return fit_sasv(options);
    }
    if (options.method == "linear" || options.method == "pav") return fit_detectors(options);
    throw UsageError(fmt::format(
        "no fusion method called \"{}\"; there are: linear, pav, asvspoof5, asvspoof5-linear",
        printable(options.method)));
  }();
  write_atomically(options.map, map.to_json().dump(2) + "\n");
  return 0;
}

std::string fused_csv(const TrialTable& table, const ScoreMap& map, const Inputs& inputs) {
  const bool claims = table.has_claims();
  ScoreFile<size_t> file;
  if (claims) file.add("spk", [&](size_t i) { return std::string(table.ids()[i].claim); });
  if (table.has_ids()) {
    file.add(claims ? "filename" : "file",
             [&](size_t i) { return std::string(table.ids()[i].utterance); });
  }
  // All digits: equal figures before and after show that a map keeps the order of scores.
  file.add(claims || !table.has_ids() ? "sasv-score" : "score",
           [&](size_t i) { return fmt::format("{}", map(inputs.row(i))); });
  return score_file_text(file, table.size());
}

ScoreMap read_map(const std::string& path) {
  const std::string text = read_text(path, 1 << 26);
  try {
    return ScoreMap::from_json(parse_json(text));
  } catch (const Json::exception& e) {
    throw UsageError(fmt::format("{}: {}", printable(path), json_fault(e)));
  } catch (const Error& e) {
    throw UsageError(fmt::format("{}: {}", printable(path), e.what()));
  }
}

// A rule needs no map, and what stands in its place is a score file.
ScoreMap map_of(Options& options) {
  if (options.rule.empty()) return read_map(options.map);
  options.scores.insert(options.scores.begin(), std::exchange(options.map, ""));
  try {
    return {FusionRule(options.rule), options.scores.size()};
  } catch (const Error& e) {
    throw UsageError(fmt::format("--rule: {}", e.what()));
  }
}

int apply(Options& options) {
  std::vector<std::string> inputs = options.scores;
  inputs.push_back(options.map);
  expect_no_input("fuse apply", options.output, inputs);
  const ScoreMap map = map_of(options);
  if (options.scores.empty()) throw UsageError("fuse apply: names no score files");
  const size_t files = map.takes_asv_and_cm() ? 1 : map.inputs();
  if (options.scores.size() != files) {
    throw UsageError(fmt::format("{}: wants {} score file{}, got {}", printable(options.map), files,
                                 files == 1 ? "" : "s", options.scores.size()));
  }
  std::string mapped;
  if (map.takes_asv_and_cm()) {
    const TrialTable table = TrialTable::read(options.scores[0]);
    if (table.asv_scores().empty() || table.cm_scores().empty()) {
      throw UsageError(
          fmt::format("{}: columns asv-score and cm-score are needed", printable(table.name())));
    }
    refuse_duplicates(table);
    mapped = fused_csv(table, map, inputs_of({&table.asv_scores(), &table.cm_scores()}));
  } else {
    const Systems systems = read_systems(options.scores);
    std::vector<const std::vector<double>*> columns;
    for (const auto& column : systems.columns) columns.push_back(&column);
    mapped = fused_csv(systems.tables.front(), map, inputs_of(columns));
  }
  if (options.output.empty()) {
    fmt::print("{}", mapped);
  } else {
    write_atomically(options.output, mapped);
  }
  return 0;
}

}  // namespace

std::function<int()> declare_fuse(CLI::App& app) {
  const auto o = std::make_shared<Options>();
  CLI::App* fitting = app.add_subcommand("fit", "fit a calibration or fusion on labelled scores");
  fitting->add_option("map", o->map, "JSON file to write")->required();
  fitting->add_option("scores", o->scores, "one score file per system")->required();
  fitting->add_option("--method", o->method,
                      "linear|pav|asvspoof5|asvspoof5-linear (default linear)");
  fitting->add_option("--key", o->key, "what each trial is, if the score file does not say");
  fitting->add_option("--prior", o->prior, "of bona fide, with linear and pav (default 0.5)");
  CLI::App* applying = app.add_subcommand("apply", "turn scores into calibrated or fused ones");
  applying->add_option("map", o->map, "JSON file of fuse fit; with --rule the first score file")
      ->required();
  applying->add_option("scores", o->scores, "score files in the order of the fit");
  applying->add_option("--rule", o->rule,
                       "mean|max|min|root|geometric: of the systems' scores, without a fit");
  applying->add_option("--output", o->output, "CSV file to write (default: standard output)");
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  bonafide fuse fit calibration.json dev.csv --key dev_protocol.txt\n"
      "  bonafide fuse apply calibration.json eval.csv --output eval_llr.csv\n"
      "  bonafide fuse apply --rule mean one.csv other.csv\n"
      "  bonafide fuse fit fusion.json dev_pairs.tsv --key dev_keys.tsv --method asvspoof5");
  return [o, fitting] { return *fitting ? fit(*o) : apply(*o); };
}

}  // namespace bonafide
