#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "metrics/detector_result.h"
#include "metrics/detector_trials.h"
#include "report/html.h"
#include "report/sasv_tables.h"

namespace bonafide {

// A tabular with the rules of LaTeX's package booktabs; the texts are escaped.
std::string latex_table(const HtmlTable& table);

// "figure,value,low,high" in full precision; low and high are empty without an interval.
std::string figures_csv(const DetectorResult& result);

std::string figures_csv(const SasvResult& result);

// One line per value of the factor, in full precision; empty fields where a class has no trials.
std::string breakdown_csv(std::string_view factor, const std::vector<ConditionResult>& rows);
std::string breakdown_csv(const SasvBreakdown& breakdown);

}  // namespace bonafide
