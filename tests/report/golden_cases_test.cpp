#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "metrics/golden.h"
#include "parity/metric_cases.h"
#include "scratch.h"

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

// A case file of golden/metrics, written here.
std::string verdicts(const std::string& json) {
  const Scratch folder;
  const auto file = folder / "cases.json";
  std::ofstream(file) << json;
  std::ostringstream lines;
  run_metric_case(file, lines);
  std::string text;
  std::istringstream all(lines.str());
  for (std::string word, line; std::getline(all, line);) {
    std::istringstream words(line);
    std::string parity, verdict, path, figure;
    words >> parity >> verdict >> path >> figure;
    text += verdict + " " + figure + "\n";
  }
  return text;
}

TEST(GoldenCase, MayDemandARefusalOfEveryOutput) {
  EXPECT_EQ(verdicts(R"({"single_score": [{"name": "inf", "inputs": {
              "target": {"values": [1, 2, "inf"]}, "nontarget": {"values": [0, -1]},
              "spoof": {"values": [0.5, -2]}},
              "outputs": {"sasvc2022": {"error": "ValueError"}}}],
              "asv_cm_pairs": [{"name": "few", "inputs": {
              "target": {"asv": {"values": [1]}, "cm": {"values": [1]}},
              "nontarget": {"asv": {"values": [0]}, "cm": {"values": [1]}},
              "spoof": {"asv": {"values": [0.5]}, "cm": {"values": [-1]}}},
              "outputs": {"min_tdcf_asvspoof5_default_asv": {"error": "SystemExit"}}}]})"),
            "PASS inf.sasvc2022.sasv_eer\nPASS inf.sasvc2022.sv_eer\nPASS inf.sasvc2022.spf_eer\n"
            "PASS few.min_tdcf_asvspoof5_default_asv.min_tdcf\n");
}

TEST(GoldenCase, MayDemandARefusalOfTheAsvOperatingPoint) {
  const std::string text = verdicts(R"({"cases": [{"name": "t", "inputs": {
      "cm": {"bonafide": {"values": [1, 2, 3]}, "spoof": {"values": [0, 1.5]}},
      "asv": {"target": {"values": [5, 6]}, "nontarget": {"values": [1, 2]},
              "spoof": {"values": []}},
      "cost": {"Pspoof": 0.05, "Ptar": 0.9405, "Pnon": 0.0095, "Cmiss": 1, "Cfa": 10,
               "Cfa_spoof": 10, "Cmiss_asv": 1, "Cfa_asv": 10, "Cmiss_cm": 1, "Cfa_cm": 10}},
      "outputs": {"asv": {"error": "SystemExit"}, "legacy_2019": {"error": "SystemExit"},
                  "revised_2021": {"error": "SystemExit"}}}]})");

  EXPECT_EQ(text.find("FAIL"), std::string::npos) << text;
  EXPECT_NE(text.find("PASS t.revised_2021.min_tdcf"), std::string::npos) << text;
}

// Two bona fide trials above and one below the only spoof.
constexpr const char* kDetector = R"("inputs": {"bonafide": {"values": [1, 2, 3]},
                                     "spoof": {"values": [1.5]}})";

TEST(GoldenCase, IsComparedInTheFiguresThatItHas) {
  const auto outputs = [](const std::string& json) {
    return verdicts(R"({"cases": [{"name": "d", )" + std::string(kDetector) + R"(, "outputs": )" +
                    json + "}]}");
  };

  EXPECT_EQ(outputs(R"({"det_eer": {"frr": 0.3333333333333333}})"), "PASS d.det_eer.frr\n");
  EXPECT_EQ(outputs(R"({"det_eer": {"frr": 0.5}})"), "FAIL d.det_eer.frr\n");
  EXPECT_EQ(outputs(R"({"det_eer": {"curve": {"far": [1, 1]}}, "asvspoof5_track1": {}})"),
            "PASS d.det_eer.curve.0.far\nPASS d.det_eer.curve.1.far\n");
}

TEST(GoldenCase, NamesTheFiguresThatNobodyKnows) {
  EXPECT_EQ(verdicts(R"({"cases": [{"name": "d", )" + std::string(kDetector) +
                     R"(, "outputs": {"det_eer": {"frr": 0.3333333333333333, "eeer": 1},
                         "asvspoof5_track1": {"mindfc": 1}, "shoe_size": 45}}]})"),
            "PASS d.det_eer.frr\nUNCOVERED d.det_eer.eeer\n"
            "UNCOVERED d.asvspoof5_track1.mindfc\nUNCOVERED d.shoe_size\n");
}

TEST(GoldenCase, OfATandemNeedsNeitherTheAsvNorBothForms) {
  const std::string inputs = R"("inputs": {
      "cm": {"bonafide": {"values": [1, 2, 3]}, "spoof": {"values": [0, 0.5]}},
      "asv": {"target": {"values": [5, 6]}, "nontarget": {"values": [1, 2]},
              "spoof": {"values": [4, 1]}},
      "cost": {"Pspoof": 0.05, "Ptar": 0.9405, "Pnon": 0.0095, "Cmiss_asv": 1, "Cfa_asv": 10,
               "Cmiss_cm": 1, "Cfa_cm": 10}})";

  EXPECT_EQ(verdicts(R"({"cases": [{"name": "t", )" + inputs +
                     R"(, "outputs": {"legacy_2019": {"min_tdcf": 0}, "twice": {}}}]})"),
            "PASS t.legacy_2019.min_tdcf\nUNCOVERED t.twice\n");
}

TEST(GoldenCase, OfABootstrapIsComparedInTheBoundsThatItHas) {
  const auto case_with = [](const std::string& outputs) {
    return verdicts(R"({"cases": [{"name": "b", "bootstraps": 20, "inputs": {
        "bonafide": {"values": [1, 2, 3, 4]}, "spoof": {"values": [0, 0.5, -1]}},
        "outputs": )" +
                    outputs + "}]}");
  };

  EXPECT_EQ(case_with(R"({"eer": {"iid": {"point": 0}}, "auc": {}})"),
            "PASS b.eer.iid.point\nUNCOVERED b.auc\n");
  EXPECT_EQ(case_with(R"({"eer": {"iid": {"low_2.5": 0}}})"), "UNCOVERED b.eer.iid.low\n");
  EXPECT_EQ(case_with(R"({"eer": {"clustered_by_speaker": {"point": 0}}})"), "FAIL b\n");
}

TEST(GoldenCase, OfVerificationIsComparedInTheFiguresThatItHas) {
  EXPECT_EQ(verdicts(R"({"single_score": [{"name": "v", "inputs": {"target": {"values": [1, 2]},
                "nontarget": {"values": [0, -1]}, "spoof": {"values": [0.5, -2]}},
                "outputs": {"sasvc2022": {"sv_eer": 0, "xv_eer": 0}, "a_dcf_default": {"min_a_dcf": 0}}}],
              "asv_cm_pairs": [{"name": "p", "inputs": {
                "target": {"asv": {"values": [1, 2]}, "cm": {"values": [1, 2]}},
                "nontarget": {"asv": {"values": [0]}, "cm": {"values": [1]}},
                "spoof": {"asv": {"values": [0.5]}, "cm": {"values": [-1]}}},
                "outputs": {"t_eer": {"full": {"t_eer_percent": 0}},
                            "min_tdcf_asvspoof5_default_asv": {"Pmiss": 0.1}}}]})"),
            "PASS v.sasvc2022.sv_eer\nUNCOVERED v.sasvc2022.xv_eer\n"
            "PASS v.a_dcf_default.min_a_dcf\nPASS p.t_eer.full.t_eer_percent\n");
}

TEST(GoldenCase, FailsAloneWhenItCannotBeRead) {
  const std::string whole = R"("inputs": {"bonafide": {"values": [1]}, "spoof": {"values": [0]}},
                               "outputs": {"rocch_eer": 0}})";
  EXPECT_EQ(verdicts(R"({"cases": [{"name": "torn", "inputs": {"bonafide": 1, "spoof": 2},
              "outputs": {}}, {"name": "whole", )" +
                     whole + "]}"),
            "FAIL torn\nPASS whole.rocch_eer\n");
  EXPECT_EQ(verdicts("{"), "FAIL -\n");
}

}  // namespace
}  // namespace bonafide
