#include <gtest/gtest.h>

#include <sstream>

#include "metrics/golden.h"
#include "parity/metric_cases.h"

namespace bonafide {
namespace {

class GoldenMetrics : public testing::TestWithParam<const char*> {};

TEST_P(GoldenMetrics, AreReproduced) {
  const auto file = golden_directory() / "metrics" / GetParam();
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
  std::ostringstream lines;

  const bool passed = run_metric_case(file, lines);

  std::string failures;
  std::istringstream all(lines.str());
  for (std::string line; std::getline(all, line);) {
    if (line.rfind("PARITY PASS", 0) != 0) failures += line + '\n';
  }
  EXPECT_TRUE(passed) << failures;
  EXPECT_EQ(failures, "");
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenMetrics,
                         testing::Values("cm_cases.json", "tdcf_cases.json", "bootstrap_cases.json",
                                         "sasv_cases.json", "asvspoof2019/expected.json",
                                         "asvspoof2021/expected.json", "asvspoof5/expected.json",
                                         "real/expected.json"));

}  // namespace
}  // namespace bonafide
