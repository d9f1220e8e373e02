#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "metrics/detector_result.h"
#include "metrics/detector_trials.h"
#include "report/html.h"

namespace bonafide {

// The figures of a countermeasure as a short table for a terminal; warnings are left to the caller.
std::string detector_text(const DetectorResult& result);

// The same of the figures of the speaker verification beside it alone.
std::string asv_text(const AsvSystem& asv);

// One line per condition: trials, EER, minDCF.
std::string breakdown_text(std::string_view factor, const std::vector<ConditionResult>& rows);

// The same for a page.
HtmlTable detector_html(const DetectorResult& result);
HtmlTable breakdown_html(std::string_view factor, const std::vector<ConditionResult>& rows);

// "95 % interval 0.71 to 0.95 %", or nothing.
std::string interval_text(const Estimate& estimate, double factor, int decimals);

}  // namespace bonafide
