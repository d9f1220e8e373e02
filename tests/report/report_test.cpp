#include <gtest/gtest.h>

#include <cmath>

#include "base/json_value.h"
#include "report/chart.h"
#include "report/comparison_text.h"
#include "report/detector_page.h"
#include "report/detector_text.h"
#include "report/grid.h"
#include "report/html.h"
#include "report/plots.h"
#include "report/probit.h"
#include "report/table_files.h"

namespace bonafide {
namespace {

const double kNan = std::nan("");

size_t occurrences(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Grid, IsLaidOutLikeTheOfficialTables) {
  const Grid grid{"", {"C1", "Pooled"}, {"A07", "Pooled"}, {{0, 10.556}, {kNan, 5.8333}}, 2};

  EXPECT_EQ(grid_text(grid),
            "         C1   Pooled\n"
            " A07    0.00  10.56 \n"
            "Pooled         5.83 \n");
}

TEST(Grid, BecomesALatexTabular) {
  const Grid grid{"", {"C1"}, {"A07"}, {{0.5}}, 3};

  EXPECT_EQ(grid_latex(grid, /*colours=*/false),
            "\\begin{tabular}{cc}\n\\toprule\n    &  C1  \\\\ \n\\midrule\nA07 &  0.500\\\\ \n"
            "\\bottomrule\n\\end{tabular}\n");
}

TEST(Grid, ShadesEqualCellsWhite) {
  const Grid grid{"", {"C1", "C2"}, {"A07"}, {{0.5, 0.5}}, 1};

  EXPECT_EQ(
      occurrences(grid_latex(grid, /*colours=*/true), "\\cellcolor[rgb]{1.00, 1.00, 1.00} 0.5"),
      2u);
}

TEST(Grid, BecomesCsvInFullPrecision) {
  const Grid grid{"", {"C1", "C2"}, {"A07"}, {{1.0 / 3, kNan}}, 2};

  EXPECT_EQ(grid_csv(grid), ",C1,C2\nA07,0.3333333333333333,\n");
}

TEST(Probit, InvertsTheNormalDistribution) {
  EXPECT_NEAR(probit(0.5), 0, 1e-15);
  EXPECT_NEAR(probit(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(probit(1e-6), -4.753424308822899, 1e-11);
  EXPECT_NEAR(0.5 * std::erfc(-probit(0.123) / std::sqrt(2.0)), 0.123, 1e-15);
}

TEST(LinearAxis, HasRoundTicks) {
  const Axis axis = linear_axis("", 0, 0.93, 5);

  ASSERT_EQ(axis.ticks.size(), 5u);
  EXPECT_EQ(axis.ticks[1].label, "0.2");
}

TEST(LinearAxis, StandsConstantValues) {
  const Axis axis = linear_axis("", 3, 3);

  EXPECT_LT(axis.low, 3);
  EXPECT_GT(axis.high, 3);
  EXPECT_FALSE(axis.ticks.empty());
}

TEST(DetPlot, DrawsALineAndALegendEntryForEachSystem) {
  const Ranking good(std::vector{2.0, 3.0}, std::vector{0.0, 2.5});
  const Ranking poor(std::vector{0.0, 3.0}, std::vector{0.5, 2.5});

  const std::string svg = det_plot({{"good", &good}, {"<poor>", &poor}});

  EXPECT_EQ(occurrences(svg, "<polyline"), 3u);  // and the diagonal
  EXPECT_NE(svg.find("good: "), std::string::npos);
  EXPECT_NE(svg.find("&lt;poor&gt;"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(ScoreHistogram, StandsInfiniteAndConstantScores) {
  const std::string svg = score_histogram(std::vector{1.0, HUGE_VAL}, std::vector{1.0}, 1.0);

  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf\""), std::string::npos);
}

TEST(ScoreHistogram, HasALegendEntryForEachClass) {
  const std::vector target = {2.0, 3.0};
  const std::vector nontarget = {-1.0, 0.0, 1.0};
  const std::vector spoof = {0.5};

  const std::string svg =
      score_histogram({{"target", target}, {"nontarget", nontarget}, {"spoof", spoof}});

  EXPECT_NE(svg.find("target (2)"), std::string::npos);
  EXPECT_NE(svg.find("nontarget (3)"), std::string::npos);
  EXPECT_NE(svg.find("spoof (1)"), std::string::npos);
}

TEST(LearningCurves, MarkTheBestEpoch) {
  const std::string svg = learning_curves({{1, 0.5, 0.2}, {2, 0.3, 0.05}, {3, 0.2, 0.07}});

  EXPECT_NE(svg.find("best: epoch 2, 5.00 %"), std::string::npos);
}

TEST(LearningCurves, StandOneEpochAndNone) {
  EXPECT_EQ(learning_curves({}).find("nan"), std::string::npos);
  EXPECT_EQ(learning_curves({{1, 0.5, {}}}).find("nan"), std::string::npos);
}

TEST(LearningCurves, CountEpochsInWholeTicks) {
  for (const double last : {2.0, 3.0, 7.0}) {
    std::vector<Epoch> epochs;
    for (double number = 1; number <= last; ++number) epochs.push_back({number, 1 / number, {}});

    const std::string svg = learning_curves(epochs);

    EXPECT_NE(svg.find(">2</text>"), std::string::npos);
    EXPECT_EQ(svg.find(">1.5</text>"), std::string::npos) << last;
    EXPECT_EQ(svg.find(">2.5</text>"), std::string::npos) << last;
  }
}

TEST(LinearAxis, KeepsItsTicksApart) {
  const Axis axis = linear_axis("", 1, 3, 6, /*least_step=*/1);

  ASSERT_EQ(axis.ticks.size(), 3u);
  EXPECT_EQ(axis.ticks[1].label, "2");
}

// Scores that no plot may stumble over.
class AwkwardScores
    : public testing::TestWithParam<std::pair<std::vector<double>, std::vector<double>>> {};

TEST_P(AwkwardScores, CanBeDrawn) {
  const auto& [bona_fide, spoof] = GetParam();

  for (const std::string& svg :
       {tippett_plot(bona_fide, spoof), reliability_plot(bona_fide, spoof)}) {
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_EQ(svg.find("inf\""), std::string::npos);
    EXPECT_GT(occurrences(svg, "<polyline"), 1u);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, AwkwardScores,
                         testing::Values(std::pair(std::vector{1.0}, std::vector{1.0}),
                                         std::pair(std::vector{HUGE_VAL, 800.0},
                                                   std::vector{-HUGE_VAL, -800.0}),
                                         std::pair(std::vector{HUGE_VAL}, std::vector{HUGE_VAL}),
                                         std::pair(std::vector{0.0, 0.0}, std::vector{0.0})));

TEST(ReliabilityPlot, PutsCalibratedScoresOnTheDiagonal) {
  // Three of four against one of four: the ratio 3 and the probability 0.75 are right.
  const double llr = std::log(3.0);

  const std::string svg =
      reliability_plot(std::vector{llr, llr, llr, -llr}, std::vector{-llr, -llr, -llr, llr});

  // (0.75, 0.75) in the frame from (60, 14), 380 wide and high.
  EXPECT_NE(svg.find("<circle cx=\"345.0\" cy=\"109.0\""), std::string::npos);
  EXPECT_EQ(occurrences(svg, "<circle"), 2u);
}

TEST(BarPlot, HasABarPerGroupAndSaysWhereThereIsNone) {
  const std::string svg =
      bar_plot("EER (%)", {{"A07", 12.5}, {"<A08>", kNan}, {"A09", 3}}, {"pooled", 8});

  EXPECT_NE(svg.find(">12.50</text>"), std::string::npos);
  EXPECT_NE(svg.find("&lt;A08&gt;"), std::string::npos);
  EXPECT_NE(svg.find("no trials of one class"), std::string::npos);
  EXPECT_NE(svg.find("pooled 8.00"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(LatexTable, EscapesWhatLatexWouldRead) {
  const HtmlTable table{"", {"a_b", "EER %"}, {{"x & {y}", "1.5"}}};

  EXPECT_EQ(latex_table(table),
            "\\begin{tabular}{lr}\n\\toprule\na\\_b & EER \\% \\\\\n\\midrule\n"
            "x \\& \\{y\\} & 1.5 \\\\\n\\bottomrule\n\\end{tabular}\n");
}

TEST(FiguresCsv, HasEveryFigureInFullPrecision) {
  const auto result = evaluate_detector(std::vector{1.0, 2.0, 3.0}, std::vector{0.0, 1.5});

  const std::string csv = figures_csv(result);

  EXPECT_EQ(csv.find("figure,value,low,high\neer,0.41666666666666663,,\n"), 0u);
  EXPECT_EQ(occurrences(csv, "\n"), 8u);
}

TEST(BreakdownCsv, LeavesFieldsEmptyWhereAClassIsMissing) {
  const std::string csv = breakdown_csv("attack", {{"A07", 3, 0, {}}});

  EXPECT_NE(csv.find("\nA07,3,0,,,,,,\n"), std::string::npos);
}

TEST(FiguresCsv, OfVerificationTrialsHasIntervalsAndLeavesMissingFiguresEmpty) {
  SasvResult result;
  result.figures = {{"sasv_eer", "SASV-EER %", true, 0.25, "", Interval{0.2, 0.3, 10}},
                    {"spf_eer", "SPF-EER %", true, {}, "no spoof trials"}};

  const std::string csv = figures_csv(result);

  EXPECT_NE(csv.find("\nsasv_eer,0.25,0.2,0.3\n"), std::string::npos);
  EXPECT_NE(csv.find("\nspf_eer,,,\n"), std::string::npos);
  EXPECT_EQ(csv.find("min_tdcf"), std::string::npos);
}

TEST(FiguresCsv, LeavesTheTandemCostsEmptyWithoutAsvSpoofs) {
  const std::vector asv_targets = {1.0, 2.0};
  const std::vector asv_nontargets = {0.0, 1.5};
  const auto result = evaluate_detector(std::vector{1.0, 2.0, 3.0}, std::vector{0.0, 1.5},
                                        {.asv = asv_system({asv_targets, asv_nontargets, {}})});

  EXPECT_NE(figures_csv(result).find("asv_eer,0.5,,\nasv_miss,"), std::string::npos);
  EXPECT_NE(figures_csv(result).find("\nasv_spoof_false_alarm,,,\nmin_tdcf_legacy,,,\n"),
            std::string::npos);
  EXPECT_NE(detector_text(result).find("no ASV spoof trials"), std::string::npos);
  EXPECT_TRUE(result.to_json().at("min_tdcf_revised").is_null());
  EXPECT_TRUE(result.to_json().at("asv").at("spoof_miss").is_null());
}

TEST(BreakdownCsv, OfVerificationTrialsLeavesFieldsEmptyWhereAClassIsMissing) {
  SasvResult result;
  result.target = 3;
  result.spoof = 1;

  EXPECT_NE(breakdown_csv({"attack", {{"A07", result}}}).find("\nA07,3,0,1,,,,,,,\n"),
            std::string::npos);
}

TEST(ComparisonText, HasALineForEachFigureAndMcNemar) {
  const std::vector bona_fide = {1.0, 2.0, 3.0};
  const std::vector spoof = {0.0, 1.5};
  const Comparison comparison =
      compare_detectors({bona_fide, spoof}, {bona_fide, spoof}, {.resamples = 20});

  const std::string text = comparison_text(comparison);

  EXPECT_EQ(occurrences(text, "\n"), 5u);
  EXPECT_NE(text.find("41.6667"), std::string::npos);
  EXPECT_NE(text.find("McNemar"), std::string::npos);
}

TEST(DetectorPage, ShowsPlotsBreakdownsAndHowItWasMade) {
  const std::vector bona_fide = {1.0, 2.0, 3.0};
  const std::vector spoof = {0.0, 1.5};
  const auto result = evaluate_detector(bona_fide, spoof);
  DetectorPage page{.title = "a & b", .result = result, .bona_fide = bona_fide, .spoof = spoof};
  page.breakdowns.push_back({"codec", {{"none", 3, 2, result}, {"opus", 0, 1, {}}}});
  page.run_card = {{"seed", "7"}};

  const std::string html = detector_page(page);

  EXPECT_EQ(occurrences(html, "<svg"), 5u);  // DET, histogram, Tippett, reliability, bars
  EXPECT_NE(html.find("By codec"), std::string::npos);
  EXPECT_NE(html.find("<dt>seed</dt><dd>7</dd>"), std::string::npos);
}

TEST(HtmlReport, EscapesWhatItIsGiven) {
  HtmlReport report("<script>");
  report.add_paragraph("a & b");
  report.add_table({"", {"x"}, {{"<td>"}}});

  const std::string html = report.text();

  EXPECT_EQ(html.find("<script>"), std::string::npos);
  EXPECT_NE(html.find("a &amp; b"), std::string::npos);
  EXPECT_NE(html.find("&lt;td&gt;"), std::string::npos);
}

TEST(HtmlReport, LetsRemarksBreakButNoNumbers) {
  HtmlReport report("title");
  report.add_table({"", {"figure", "value", ""}, {{"EER", "1.5", "a long remark"}}});

  const std::string html = report.text();

  EXPECT_NE(html.find("<td>1.5</td><td class=\"note\">a long remark</td>"), std::string::npos);
}

TEST(HtmlReport, TakesNothingFromTheNetwork) {
  const Ranking ranking(std::vector{2.0, 3.0}, std::vector{0.0, 2.5});
  HtmlReport report("title");
  report.add_figure("a plot", det_plot({{"", &ranking}}));

  const std::string html = report.text();

  EXPECT_EQ(html.find("src="), std::string::npos);
  EXPECT_EQ(html.find("href="), std::string::npos);
  EXPECT_EQ(occurrences(html, "http"), occurrences(html, "http://www.w3.org/2000/svg"));
}

}  // namespace
}  // namespace bonafide
