#pragma once

#include <vector>

#include "metrics/resampler.h"
#include "metrics/sasv_figures.h"
#include "trials/trials.h"

namespace bonafide {

struct SasvOptions;

// The figures of verification trials with separate ASV and CM scores: "t_eer" and
// "min_tdcf_revised", with intervals when there is a resampler of the trials (targets, nontargets
// and spoofs one after another). `warnings`: where an official value would be another.
std::vector<SasvFigure> tandem_figures(const Trials& trials, const Resampler* resampler,
                                       const SasvOptions& options,
                                       std::vector<std::string>& warnings);

}  // namespace bonafide
