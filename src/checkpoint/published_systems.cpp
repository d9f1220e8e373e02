#include "checkpoint/published_systems.h"

#include <array>

namespace bonafide {

namespace {

constexpr std::string_view kNoWeights = "none";
constexpr std::string_view kGolden = "outputs, gradients, training steps";

// The one list of systems, which tests and scripts read. tests/systems/published_systems_test.cpp
// counts parameters, tensors and MACs.
constexpr std::array<PublishedSystem, 6> kPublished = {{
    {.recipe = "aasist",
     .paper = "Jung et al., ICASSP 2022, arXiv:2110.01200",
     .source = "clovaai/aasist",
     .parameters = 297866,
     .tensors = 229,
     .macs = 9'562'000'000,
     .weights = "MIT",
     .checked = "outputs, gradients, training steps, scores of official weights",
     .result = "EER 0.83 % on ASVspoof 2019 LA eval"},
    {.recipe = "aasist-l",
     .paper = "Jung et al., ICASSP 2022, arXiv:2110.01200",
     .source = "clovaai/aasist",
     .parameters = 85306,
     .tensors = 229,
     .macs = 6'603'000'000,
     .weights = "MIT",
     .checked = "outputs, weight average, scores of official weights",
     .result = "EER 0.99 % on ASVspoof 2019 LA eval"},
    {.recipe = "lcnn",
     .paper = "Lavrentyeva et al., Interspeech 2019, arXiv:1904.05576",
     .source = "Melodiz/LightCNN_ASVspoof2019",
     .parameters = 10198816,
     .tensors = 56,
     .macs = 7'136'000'000,
     .weights = "unstated",  // 122 MB on comet.com, by the repository's README
     .checked = kGolden,
     .result =
         "EER 2.13 % on ASVspoof 2019 LA eval, which also chose the epoch; 1.86 % in the paper"},
    {.recipe = "rawgat-st",
     .paper = "Tak et al., ASVspoof 2021 workshop, arXiv:2107.12710",
     .source = "clovaai/aasist",
     .parameters = 437034,
     .tensors = 221,
     .macs = 18'522'000'000,
     .weights = kNoWeights,
     .checked = kGolden,
     .result = "EER 1.06 % on ASVspoof 2019 LA eval (the paper; clovaai/aasist gives none)"},
    {.recipe = "rawnet2",
     .paper = "Tak et al., ICASSP 2021, arXiv:2011.01108",
     .source = "clovaai/aasist",
     .parameters = 17621410,
     .tensors = 119,
     .macs = 2'091'000'000,
     .weights = kNoWeights,
     .checked = kGolden,
     .result = "none: clovaai/aasist gives no figure for its baseline"},
    {.recipe = "s2pecnet",
     .paper = "Wen et al., Interspeech 2023, arXiv:2308.09302",
     .source = "ph-w2000/S2pecNet",
     .parameters = 1284021,
     .tensors = 582,
     .macs = 10'701'000'000,
     .weights = kNoWeights,
     .checked = kGolden,
     .result = "EER 0.77 %, min t-DCF 0.0242 on ASVspoof 2019 LA eval"},
}};

}  // namespace

std::span<const PublishedSystem> published_systems() { return kPublished; }

}  // namespace bonafide
