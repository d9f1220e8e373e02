#pragma once

#include <string>

#include "metrics/comparison.h"
#include "report/html.h"

namespace bonafide {

// One row per figure: both values, the difference with its interval, and the p-value; McNemar's
// test last.
HtmlTable comparison_html(const Comparison& comparison);

// The same for a terminal.
std::string comparison_text(const Comparison& comparison);

}  // namespace bonafide
