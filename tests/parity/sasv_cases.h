#pragma once

#include <span>
#include <string>

#include "base/json.h"
#include "metrics/sasv.h"
#include "metrics/tandem_eer.h"
#include "parity/figures.h"

namespace bonafide {

// Members of "single_score" and of "asv_cm_pairs".
void run_single_score_case(const Json& golden, Figures& figures);
void run_pair_case(const Json& golden, Figures& figures);

// The same outputs for scores that are at hand.
void check_sasv_outputs(const std::string& name, const Json& outputs,
                        const VerificationSpans& scores, Figures& figures);
void check_pair_outputs(const std::string& name, const Json& outputs, const TandemScores& scores,
                        Figures& figures);

}  // namespace bonafide
