#include <gtest/gtest.h>

#include <cmath>

#include "report/chart.h"
#include "report/grid.h"
#include "report/html.h"
#include "report/plots.h"
#include "report/probit.h"

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

TEST(LearningCurves, MarkTheBestEpoch) {
  const std::string svg = learning_curves({{1, 0.5, 0.2}, {2, 0.3, 0.05}, {3, 0.2, 0.07}});

  EXPECT_NE(svg.find("best: epoch 2, 5.00 %"), std::string::npos);
}

TEST(LearningCurves, StandOneEpochAndNone) {
  EXPECT_EQ(learning_curves({}).find("nan"), std::string::npos);
  EXPECT_EQ(learning_curves({{1, 0.5, {}}}).find("nan"), std::string::npos);
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
