#pragma once

#include <string>
#include <vector>

#include "metrics/sasv_result.h"
#include "report/html.h"

namespace bonafide {

// A factor and the figures of verification trials for each of its values.
struct SasvBreakdown {
  std::string factor;
  std::vector<SasvCondition> rows;
};

// "SASV-EER", of a rate's title in tables.
std::string without_unit(const SasvFigure& rate);

// Every figure; a dash and the reason where there is none.
HtmlTable sasv_table(const SasvResult& result);

// One row per value of the factor. Columns are the classes and figures that all trials together,
// `pooled`, have.
HtmlTable breakdown_table(const SasvBreakdown& breakdown, const SasvResult& pooled);
std::string breakdown_text(const SasvBreakdown& breakdown, const SasvResult& pooled);

// "warning: codec c2: no SV-EER %, a-DCF1: no nontarget trials", for each row and reason why it
// lacks figures that all trials together have.
std::string missing_figures(const SasvBreakdown& breakdown, const SasvResult& pooled);

}  // namespace bonafide
