#include "parity/metric_cases.h"

#include <algorithm>
#include <initializer_list>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "parity/detector_cases.h"
#include "parity/figures.h"
#include "parity/fusion_cases.h"
#include "parity/golden_scores.h"
#include "parity/official_cases.h"
#include "parity/sasv_cases.h"

namespace bonafide {

namespace {

bool has(const Json& json, const char* key) { return json.is_object() && json.contains(key); }

bool has_any(const Json& json, std::initializer_list<const char*> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const char* key) { return has(json, key); });
}

// One member of a list "cases".
void run_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  if (has(golden, "bootstraps")) {
    run_bootstrap_case(golden, figures);
  } else if (has(inputs, "bonafide") && has(inputs, "spoof")) {
    run_detector_case(golden, figures);
  } else if (has(inputs, "cm") && has(inputs, "asv") && has(inputs, "cost")) {
    run_tandem_case(golden, figures);
  } else {
    figures.uncovered(name_of_case(golden));
  }
}

void run_each(const Json& cases, void (*run)(const Json& golden, Figures& figures),
              Figures& figures) {
  for (const Json& one : cases) {
    figures.run(name_of_case(one), [&] { run(one, figures); });
  }
}

void run_file(const std::filesystem::path& json_file, Figures& figures) {
  const Json golden = Json::parse(read_text(json_file));
  if (has(golden, "generator_check")) {
    const Json& check = golden.at("generator_check");
    const auto scores = golden_scores(check);
    for (size_t i = 0; i < check.at("values").size(); ++i) {
      figures.check("generator", check.at("values")[i], 0, [&] { return scores.at(i); });
    }
  }
  if (has(golden, "cases")) {
    run_each(golden.at("cases"), run_case, figures);
  } else if (has(golden, "single_score") || has(golden, "asv_cm_pairs")) {
    const Json none = Json::array();
    run_each(golden.value("single_score", none), run_single_score_case, figures);
    run_each(golden.value("asv_cm_pairs", none), run_pair_case, figures);
  } else if (has(golden, "runs")) {
    run_asvspoof2021_case(golden, figures);
  } else if (has_any(golden, {"t1", "t2", "full_t1", "full_t2"})) {
    run_asvspoof5_case(golden, figures);
  } else if (has_any(golden, {"dev", "eval", "score_fusion"})) {
    run_fusion_case(golden, figures);
  } else if (has_any(golden, {"printed_report", "min_tdcf", "eer_percent"})) {
    run_asvspoof2019_case(golden, figures);
  } else {
    figures.uncovered("unknown");
  }
}

}  // namespace

bool run_metric_case(const std::filesystem::path& json_file, std::ostream& out) {
  Figures figures(json_file, out);
  figures.run("-", [&] { run_file(json_file, figures); });
  return figures.all_passed();
}

}  // namespace bonafide
