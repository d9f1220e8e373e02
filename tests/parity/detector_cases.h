#pragma once

#include <span>

#include "base/json.h"
#include "parity/figures.h"

namespace bonafide {

// Two classes of scores: the EER family, DCFs, Cllr.
void run_detector_case(const Json& golden, Figures& figures);

// The same outputs for scores that are at hand.
void check_detector_outputs(const std::string& name, const Json& outputs,
                            std::span<const double> bona_fide, std::span<const double> spoof,
                            Figures& figures);

// t-DCF from CM and ASV scores.
void run_tandem_case(const Json& golden, Figures& figures);
void check_tandem_outputs(const std::string& name, const Json& outputs, const Json* costs,
                          std::span<const double> bona_fide, std::span<const double> spoof,
                          std::span<const double> target, std::span<const double> nontarget,
                          std::span<const double> asv_spoof, Figures& figures);

// Confidence intervals, within the noise of the reference's own.
void run_bootstrap_case(const Json& golden, Figures& figures);

// expected.json beside a CM and an ASV score file of ASVspoof 2019.
void run_asvspoof2019_case(const Json& golden, Figures& figures);

}  // namespace bonafide
