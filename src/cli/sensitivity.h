#pragma once

#include <cstddef>

#include "cli/part_scorer.h"
#include "report/html.h"
#include "systems/reference_sensitivity.h"

namespace bonafide {

// How much a model of pairs hangs on its references, by `count` of an evaluation's trials, which
// the seed chooses. Throws UsageError for a model that does not look at references.
ReferenceSensitivity measure_sensitivity(const PartScorer& scorer, const Evaluation& evaluation,
                                         size_t count);

// What was measured, for a page and as lines for the terminal.
HtmlTable sensitivity_table(const ReferenceSensitivity& sensitivity);
std::string sensitivity_text(const ReferenceSensitivity& sensitivity);

}  // namespace bonafide
